import Dispatch
import Synchronization

/// The present work of a computation, for whoever waits for it: its name, such as "claim P2", and how much of it is done,
/// such as 40 % of 65,536 images. Whatever takes long reports here; nothing that is computed depends on it.
public final class Activity: Sendable {
  /// A piece of work: a name for what is within it, or a count.
  private enum Part {
    case name(String)
    case count(Counter)
  }

  /// The work at a moment.
  package struct State: Equatable, Sendable {
    /// The innermost name; empty if there is none.
    package let name: String
    /// A number that no other work of that name has.
    package let id: Int
    /// What is counted within it; nil if nothing is.
    package let count: Count?
  }

  /// A count at a moment.
  package struct Count: Equatable, Sendable {
    /// A number that no other count has.
    package let id: Int
    /// The number of things to do, and one of them, such as "image".
    package let total: Int, noun: String
    /// The share that is done, from 0 to 1.
    package let share: Double
  }

  /// Counts what is done of one piece of work, from any thread.
  public final class Counter: Sendable {
    fileprivate let total: Int, noun: String
    private let done = Atomic<Int>(0)

    fileprivate init(_ total: Int, _ noun: String) { (self.total, self.noun) = (total, noun) }

    /// Counts some more as done.
    public func add(_ count: Int = 1) { done.wrappingAdd(count, ordering: .relaxed) }

    fileprivate var share: (done: Double, one: Double) {
      let total = Double(max(1, total))
      return (min(1, Double(done.load(ordering: .relaxed)) / total), 1 / total)
    }
  }

  /// Orders all access to the parts. A queue and not a mutex, whose order the thread sanitizer does not see.
  private let queue = DispatchQueue(label: "minim.activity")
  /// What is at work, the later parts within the earlier ones.
  nonisolated(unsafe) private var parts: [(id: Int, part: Part)] = []
  nonisolated(unsafe) private var lastID = 0

  /// Creates an activity that has nothing to do yet.
  public init() {}

  /// Names what `body` does, such as "claim P2".
  public func during<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    try run(.name(name), body)
  }

  /// Counts what `body` does: it adds to the counter until the total is reached.
  ///
  /// - Parameters:
  ///   - total: the number of things to do.
  ///   - noun: one of them, such as "image".
  ///   - body: the work.
  public func counting<Result>(_ total: Int, _ noun: String, _ body: (Counter) throws -> Result) rethrows -> Result {
    let counter = Counter(total, noun)
    return try run(.count(counter)) { try body(counter) }
  }

  private func run<Result>(_ part: Part, _ body: () throws -> Result) rethrows -> Result {
    let id = queue.sync {
      lastID += 1
      parts.append((lastID, part))
      return lastID
    }
    // Work on several threads does not end in the order of its beginning.
    defer { queue.sync { parts.removeAll { $0.id == id } } }
    return try body()
  }

  /// The present work: the innermost name, and the outermost count within it; nil if there is none.
  package var state: State? {
    let parts = queue.sync { self.parts }
    if parts.isEmpty { return nil }
    var name = (id: 0, text: ""), counters: [(id: Int, counter: Counter)] = []
    for (id, part) in parts {
      switch part {
      case .name(let text): (name, counters) = ((id, text), [])
      case .count(let counter): counters.append((id, counter))
      }
    }
    guard let (id, outer) = counters.first else { return State(name: name.text, id: name.id, count: nil) }
    // What is done of an inner count is a part of one thing of the count around it.
    let share = counters.reversed().reduce(0.0) { inner, it in
      let share = it.counter.share
      return min(1, share.done + inner * share.one)
    }
    return State(
      name: name.text, id: name.id, count: Count(id: id, total: outer.total, noun: outer.noun, share: share))
  }
}

extension Trained {
  /// Names what `body` does as the check of a claim, for whoever waits for it.
  ///
  /// - Parameters:
  ///   - claims: the claim's id, such as "P2", or several: "V5 and V6".
  ///   - body: the measurements of the claim and its control.
  public func checking<Result>(_ claims: String, _ body: () throws -> Result) rethrows -> Result {
    try activity.during((claims.contains(" ") ? "claims " : "claim ") + claims, body)
  }
}
