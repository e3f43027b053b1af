import MinimFiles

/// A share of a sweep's members. One of several machines trains it, without having to know of the others.
package struct SweepSlice: Equatable, Sendable {
  /// The remainder of the members' numbers divided by ``count``, from 0.
  package let index: Int
  /// The number of slices.
  package let count: Int

  /// Creates a slice; nil if there is none of this index.
  package init?(index: Int, of count: Int) {
    guard count > 0, (0..<count).contains(index) else { return nil }
    (self.index, self.count) = (index, count)
  }

  /// Whether a member belongs to the slice.
  package func contains(_ member: SweepGrid.Member) -> Bool { member.number % count == index }

  /// Reads `I/N`; or `auto` and `auto/N`, whose numbers a scheduler puts into the environment of each task.
  ///
  /// - Parameter environment: the value of a variable.
  /// - Throws: `SweepError` for anything else, with what is missing.
  package init(_ text: String, environment: (String) -> String?) throws(SweepError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let expected = "expected I/N with I from 0 to N-1, auto, or auto/N"
    guard parts.count <= 2, parts.count == 2 || parts[0] == "auto" else {
      throw SweepError("--slice \(text): \(expected)")
    }
    let task = parts[0] == "auto" ? try Self.task(environment) : nil
    let count = parts.count == 2 ? Int(parts[1]) : task?.count
    if task != nil, parts.count == 1, count == nil {
      throw SweepError("--slice auto: the environment does not say how many tasks there are. Try: --slice auto/N")
    }
    guard let index = task?.index ?? Int(parts[0]), let count, let slice = SweepSlice(index: index, of: count) else {
      throw SweepError("--slice \(text): \(expected)" + (task.map { ", and this is task \($0.index)" } ?? ""))
    }
    self = slice
  }

  /// This task's place in an array of Slurm or an indexed job of Kubernetes, and the number of tasks if it is known.
  private static func task(
    _ environment: (String) -> String?
  ) throws(SweepError) -> (index: Int, count: Int?) {
    func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
    if let id = number("SLURM_ARRAY_TASK_ID") {
      // An array may begin anywhere, and leave out numbers: --array=10-40:10 has four tasks.
      let step = max(1, number("SLURM_ARRAY_TASK_STEP") ?? 1)
      let index = (id - (number("SLURM_ARRAY_TASK_MIN") ?? 0)) / step
      return (index, number("SLURM_ARRAY_TASK_COUNT"))
    }
    if let index = number("JOB_COMPLETION_INDEX") { return (index, number("JOB_COMPLETIONS")) }
    throw SweepError(
      "--slice auto: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set. Outside of a job array: --slice I/N")
  }
}
