import MinimConfiguration
import MinimFiles

/// The events of a run, made of the files of its folder alone, so that they are the same whether they are written
/// during training or years later: every metric, every diagnostic and every picture. Rows are read and handed on one at a
/// time, since there may be millions.
final class RunEvents {
  private let run: RunDirectory
  private let store: FileStore
  /// The start of the run, in seconds since 1970.
  let start: Double
  private var metrics: TimedRows, diagnostics: TimedRows
  /// The last step of the metrics.
  private var lastStep = 0
  /// The names of the pictures that have become events.
  private var shown: Set<String> = []

  /// Creates the events of a run; nothing is read yet.
  init(_ run: RunDirectory, store: FileStore) {
    self.run = run
    self.store = store
    // The first file of a run, which never changes: times are those of training, without the pauses before a resume.
    start = store.modificationTime(run.config) ?? 0
    metrics = TimedRows(run.metrics, run.timing, store)
    diagnostics = TimedRows(run.diagnostics, run.timing, store)
  }

  /// The first events of a file.
  var head: [Event] { [.version(time: start), .sessionStart(time: start)] }

  /// Checks that there are metrics.
  ///
  /// - Throws: `FileError` if there are none (66).
  func check() throws(FileError) { _ = try MetricsReader(run.metrics, store: store) }

  /// Hands on the events that are new since the last call; no series goes back in steps.
  ///
  /// - Parameter step: the last step; pictures of later ones, made before a kill, are left for another call, since they
  ///   will be drawn again.
  /// - Throws: `FileError`, and what `write` throws; the events that were handed on are not new any more.
  func new(upTo step: Int, _ write: (Event) throws -> Void) throws {
    while let (row, seconds) = try metrics.next() {
      lastStep = row.step
      try write(.metrics(row.values, time: start + seconds, step: row.step))
    }
    while let (row, seconds) = try diagnostics.next() {
      try write(.metrics(row.values, time: start + seconds, step: row.step))
    }
    for picture in try pictures(upTo: step) {
      try write(picture.event)
      shown.insert(picture.name)
    }
  }

  private func pictures(upTo last: Int) throws(FileError) -> [(name: String, event: Event)] {
    guard store.isFolder(run.samples) else { return [] }
    var found: [(name: String, step: Int, image: Image, png: [UInt8])] = []
    for name in try store.list(run.samples) where name.hasSuffix(".png") && !shown.contains(name) {
      guard let picture = try picture(name), picture.step <= last else { continue }
      found.append(picture)
    }
    found.sort { ($0.step, $0.name) < ($1.step, $1.name) }
    // Some have earlier steps than others had before: their times are looked for from the start.
    let laps = Laps(run.timing, store)
    var events: [(name: String, event: Event)] = []
    for (name, step, image, png) in found {
      let tag = RunDirectory.isSample(name) ? "samples" : String(name.dropLast(4))
      let time = start + (try laps.seconds(at: step))
      events.append((name, .picture(tag, image, png: png, time: time, step: step)))
    }
    return events
  }

  /// A picture whose name has a step, or else one of the last step; nil for a damaged file, or one that is gone by now.
  private func picture(_ name: String) throws(FileError) -> (name: String, step: Int, image: Image, png: [UInt8])? {
    do throws(FileError) {
      guard let png = try store.readIfPresent(Path.join(run.samples, name)),
        let (image, texts) = try? PNG.decode(png)
      else { return nil }
      return (name, texts.first { $0.key == "step" }.flatMap { Int($0.value) } ?? lastStep, image, png)
    } catch {
      if error.exit == .badData { return nil }
      throw error
    }
  }
}

/// The rows of a growing file with the seconds of training at their steps.
private struct TimedRows {
  private let path: String
  private let store: FileStore
  private let laps: Laps
  /// Nil until there is such a file.
  private var reader: MetricsReader?
  /// A row that was read but not handed on.
  private var pending: MetricsReader.Row?

  init(_ path: String, _ timing: String, _ store: FileStore) {
    (self.path, self.store, laps) = (path, store, Laps(timing, store))
  }

  mutating func next() throws(FileError) -> (row: MetricsReader.Row, seconds: Double)? {
    if reader == nil { reader = try MetricsReader.ifPresent(path, store: store) }
    if pending == nil { pending = try reader?.next() }
    guard let row = pending else { return nil }
    let seconds = try laps.seconds(at: row.step)
    pending = nil
    return (row, seconds)
  }
}

/// The wall times of a run at ascending steps, read as far as they are asked for.
private final class Laps {
  private let path: String
  private let store: FileStore
  private var reader: MetricsReader?
  private var next: MetricsReader.Row?
  private var seconds = 0.0

  init(_ path: String, _ store: FileStore) { (self.path, self.store) = (path, store) }

  /// The seconds of training at the last recorded lap up to a step.
  func seconds(at step: Int) throws(FileError) -> Double {
    if reader == nil { reader = try MetricsReader.ifPresent(path, store: store) }
    while true {
      if next == nil { next = try reader?.next() }
      guard let lap = next, lap.step <= step else { return seconds }
      seconds = lap.value("seconds") ?? seconds
      next = nil
    }
  }
}
