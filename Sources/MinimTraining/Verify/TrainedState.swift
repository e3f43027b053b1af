import MinimFiles
import MinimKernels

/// What a run, or a repetition of its steps, has come to: the parameters and the optimizer's state after the last step, and
/// the rows of metrics on the way.
package struct TrainedState: Sendable {
  /// A row of metrics.
  package struct Row: Equatable, Sendable {
    package let step: Int
    /// The line of the file, from 1.
    package let line: Int
    package let values: JSONObject
  }

  /// Where it comes from, in words: "3 workers".
  package let name: String
  /// The parameters and the state; nil without a checkpoint of the step.
  package let tensors: [Safetensors.Tensor]?
  /// The rows of the steps, in the order of the file.
  package let rows: [Row]
  /// Lines among them that cannot be read.
  package let unreadable: [Int]
  /// The path of the file of the rows.
  package let metricsFile: String

  /// Reads the state of a run's folder after a stretch.
  ///
  /// - Throws: `SafetensorsError` or `CheckpointError` if the checkpoint is damaged, `FileError`.
  package init(
    _ name: String, of directory: RunDirectory, _ stretch: RunStretch, _ experiment: Experiment, hasCheckpoint: Bool,
    store: FileStore = FileStore()
  ) throws {
    self.name = name
    metricsFile = directory.metrics
    let path = directory.checkpoint(step: stretch.end)
    if hasCheckpoint {
      // The step in the file, and whose it is, are checked here.
      let step = try Checkpoint(path, experiment: experiment, store: store).step
      guard step == stretch.end else {
        throw CheckpointError(file: path, reason: "it was made at step \(step), but its name says \(stretch.end)")
      }
      tensors = try Safetensors(contentsOf: path, requiringChecksum: true, store: store).tensors
    } else {
      tensors = nil
    }
    (rows, unreadable) = try Self.rows(directory.metrics, stretch, store)
  }

  /// The rows of a stretch. A line that cannot be read may be one of them if it follows the first and precedes the last.
  private static func rows(
    _ path: String, _ stretch: RunStretch, _ store: FileStore
  ) throws(FileError) -> ([Row], [Int]) {
    guard store.exists(path) else { return ([], []) }
    let lines = try LineReader(path, store: store)
    var rows: [Row] = [], unreadable: [Int] = [], last = 0
    while let bytes = try lines.next() {
      guard let json = try? JSONParser.parse(bytes).json, let step = json["step"]?.integer, let values = json.object
      else {
        if last >= stretch.start, last < stretch.end { unreadable.append(lines.count) }
        continue
      }
      last = step
      if step > stretch.end { break }
      if step > stretch.start { rows.append(Row(step: step, line: lines.count, values: values)) }
    }
    return (rows, unreadable)
  }

  // MARK: - Hashes

  /// SHA-256 of the names and the bytes of all tensors; nil if there are none to compare.
  package var tensorHash: String? {
    tensors.map { tensors in
      var hash = SHA256()
      for tensor in tensors {
        hash.update(Array(tensor.name.utf8))
        hash.update(tensor.bytes)
      }
      return hash.hexDigest
    }
  }

  /// The metrics that some states all have: the steps, in order, each with its keys.
  package static func common(_ states: [TrainedState]) -> [(step: Int, keys: [String])] {
    guard let first = states.first else { return [] }
    let others = states.dropFirst().map(\.valuesByStep)
    return first.rows.compactMap { row in
      let same = others.compactMap { $0[row.step] }
      guard same.count == others.count else { return nil }
      return (row.step, row.values.keys.filter { key in same.allSatisfy { $0[key] != nil } })
    }
  }

  /// SHA-256 of some metrics; nil if there are none.
  package func metricsHash(_ common: [(step: Int, keys: [String])]) -> String? {
    guard !common.isEmpty else { return nil }
    let values = valuesByStep
    var hash = SHA256()
    for (step, keys) in common {
      let members = keys.compactMap { key in values[step]?[key].map { JSONObject.Member(key: key, value: $0) } }
      hash.update(Array((JSON.object(JSONObject(members)).compact + "\n").utf8))
    }
    return hash.hexDigest
  }

  /// The values of each step; never iterated.
  var valuesByStep: [Int: JSONObject] { Dictionary(rows.map { ($0.step, $0.values) }) { first, _ in first } }
}
