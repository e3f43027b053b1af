import MinimAutodiff
import MinimFiles

/// The first place where two states differ.
package struct StateDifference: Equatable, Sendable {
  /// The place: "step 60, nll" or "parameters/linear.weight[3, 1]".
  package let place: String
  /// The values there, of the first state and of the second.
  package let first: String, second: String
  /// What else is to be said: how much differs, and where it is in a file.
  package let remark: String

  /// "step 60, nll: 6.1 and 6.2 (line 6 of metrics.jsonl)"
  package var description: String { "\(place): \(first) and \(second) (\(remark))" }

  /// The first metric and the first number of a tensor that differ between two states, as far as they have the same.
  ///
  /// - Parameters:
  ///   - a: a repetition.
  ///   - b: another one, or the run.
  package static func all(_ a: TrainedState, _ b: TrainedState) -> [StateDifference] {
    [metric(a, b), unreadable(b), tensor(a, b)].compactMap { $0 }
  }

  private static func metric(_ a: TrainedState, _ b: TrainedState) -> StateDifference? {
    let values = a.valuesByStep
    for row in b.rows {
      guard let known = values[row.step] else { continue }
      for member in row.values.members {
        guard let value = known[member.key], value.compact != member.value.compact else { continue }
        return StateDifference(
          place: "step \(row.step), \(member.key)", first: value.compact, second: member.value.compact,
          remark: "line \(row.line) of \(Path.name(of: b.metricsFile))")
      }
    }
    return nil
  }

  private static func unreadable(_ b: TrainedState) -> StateDifference? {
    b.unreadable.first.map {
      StateDifference(
        place: "metrics", first: "a row", second: "what cannot be read",
        remark: "line \($0) of \(Path.name(of: b.metricsFile))")
    }
  }

  private static func tensor(_ a: TrainedState, _ b: TrainedState) -> StateDifference? {
    guard let ours = a.tensors, let theirs = b.tensors else { return nil }
    let different = ours.filter { own in !theirs.contains(own) }
    guard let own = different.first, let other = theirs.first(where: { $0.name == own.name }) else {
      return different.first.map {
        StateDifference(place: $0.name, first: "there", second: "not there", remark: "a tensor of the checkpoint")
      }
    }
    guard own.type == other.type, own.shape == other.shape else {
      return StateDifference(
        place: own.name, first: "\(own.type.rawValue) \(own.shape)", second: "\(other.type.rawValue) \(other.shape)",
        remark: "type and shape")
    }
    let size = own.type.size
    let elements = own.bytes.indices.filter { own.bytes[$0] != other.bytes[$0] }.map { $0 / size }
    let index = elements[0]  // equal tensors are not among the different ones
    let count = Set(elements).count
    return StateDifference(
      place: "\(own.name)\(own.shape.position(of: index))", first: own.text(index), second: other.text(index),
      remark: "\(count) of \(own.bytes.count / size) numbers there, in \(different.count) of \(ours.count) tensors")
  }
}

extension Safetensors.Tensor {
  /// A number with all its digits.
  fileprivate func text(_ index: Int) -> String {
    if let values = float32 { return "\(values[index])" }
    if let values = float64 { return "\(values[index])" }
    return "byte \(bytes[index * type.size])"
  }
}
