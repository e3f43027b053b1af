import MinimDrawing
import MinimNN

/// An activity in words, such as "claim P2: 65,536 images, 40 %, 3 s left". The time that is left is estimated from the time
/// that the work has taken, counted from when it was first seen.
struct ActivityText {
  /// The work that was seen last, and since when; nil is work without a name or a count.
  private var name: (id: Int?, since: UInt64), count: (id: Int?, since: UInt64)

  /// - Parameter start: the present time in nanoseconds.
  init(start: UInt64) { (name, count) = ((nil, start), (nil, start)) }

  /// Counts the time of work without a name from now on.
  mutating func restart(_ now: UInt64) {
    if name.id == nil { name.since = now }
  }

  /// The words for a state; if it has no count, they tell how long it has lasted.
  mutating func text(_ state: Activity.State?, _ now: UInt64) -> String {
    if state?.id != name.id { name = (state?.id, now) }
    if state?.count?.id != count.id { count = (state?.count?.id, now) }
    let words = state.map { $0.name.isEmpty ? "computing" : $0.name } ?? "working"
    guard let done = state?.count else { return "\(words), \(Readable.clock(Self.seconds(name.since, now)))" }
    let percent = Int(100 * done.share), seconds = Self.seconds(count.since, now)
    let counted = "\(words): \(Readable.count(done.total, done.noun)), \(percent) %"
    // The first hundredth of little time tells nothing about the rest.
    guard percent > 0, seconds > 1 else { return counted }
    return counted + ", \(Readable.clock(seconds / done.share * (1 - done.share))) left"
  }

  private static func seconds(_ start: UInt64, _ now: UInt64) -> Double { Double(now - start) / 1e9 }
}
