import MinimConfiguration
import MinimFiles

/// The events of a run, made of the files of its folder alone, so that they are the same whether they are written
/// during training or years later: every metric, every diagnostic and every picture.
struct RunEvents {
  private let run: RunDirectory
  private let store: FileStore
  /// The start of the run, in seconds since 1970.
  let start: Double
  private var metrics: NewLines, diagnostics: NewLines, timing: NewLines
  /// Seconds of training at steps, ascending.
  private var laps: [(step: Int, seconds: Double)] = []
  /// The names of the pictures that have become events.
  private var shown: Set<String> = []

  /// Creates the events of a run; nothing is read yet.
  init(_ run: RunDirectory, store: FileStore) {
    self.run = run
    self.store = store
    // The first file of a run, which never changes: times are those of training, without the pauses before a resume.
    start = store.modificationTime(run.config) ?? 0
    metrics = NewLines(run.metrics)
    diagnostics = NewLines(run.diagnostics)
    timing = NewLines(run.timing)
  }

  /// The first events of a file.
  var head: [Event] { [.version(time: start), .sessionStart(time: start)] }

  /// Returns the events that are new since the last call; no series goes back in steps.
  ///
  /// - Parameter step: the last step; pictures of later ones, made before a kill, are left for another call, since they
  ///   will be drawn again.
  /// - Throws: `FileError` if there are no metrics (66).
  mutating func new(upTo step: Int) throws(FileError) -> [Event] {
    let rows = RunMetrics.rows(try metrics.read(store))
    let seen = RunMetrics.rows((try? diagnostics.read(store)) ?? [])
    laps += RunMetrics.rows((try? timing.read(store)) ?? []).compactMap { row in
      row.values.first { $0.name == "seconds" }.map { (row.step, $0.value) }
    }
    return (rows + seen).map { .metrics($0.values, time: time(of: $0.step), step: $0.step) } + pictures(upTo: step)
  }

  private mutating func pictures(upTo last: Int) -> [Event] {
    let names = ((try? store.list(run.samples)) ?? []).filter { $0.hasSuffix(".png") && !shown.contains($0) }
    let pictures = names.compactMap { picture($0) }.filter { $0.step <= last }
    shown.formUnion(pictures.map(\.name))
    return pictures.sorted { ($0.step, $0.name) < ($1.step, $1.name) }.map { picture in
      let tag = RunDirectory.isSample(picture.name) ? "samples" : String(picture.name.dropLast(4))
      return .picture(tag, picture.image, png: picture.png, time: time(of: picture.step), step: picture.step)
    }
  }

  /// A picture whose name has a step, or else one of the last step; nil for a damaged file.
  private func picture(_ name: String) -> (name: String, step: Int, image: Image, png: [UInt8])? {
    guard let png = try? store.read(Path.join(run.samples, name)), let (image, texts) = try? PNG.decode(png) else {
      return nil
    }
    let step = texts.first { $0.key == "step" }.flatMap { Int($0.value) } ?? laps.last?.step ?? 0
    return (name, step, image, png)
  }

  /// The time of the last recorded lap up to a step.
  private func time(of step: Int) -> Double {
    var (low, high) = (0, laps.count)
    while low < high {
      let middle = (low + high) / 2
      if laps[middle].step <= step { low = middle + 1 } else { high = middle }
    }
    return start + (low > 0 ? laps[low - 1].seconds : 0)
  }
}

/// The whole lines added to a growing file since the last reading.
private struct NewLines {
  private let path: String
  private var offset = 0

  init(_ path: String) { self.path = path }

  mutating func read(_ store: FileStore) throws(FileError) -> [UInt8] {
    let bytes = try store.read(path, from: offset)
    let whole = bytes.prefix((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)
    offset += whole.count
    return Array(whole)
  }
}
