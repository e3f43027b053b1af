/// What can train a workload for a while.
protocol Contestant: AnyObject {
  var name: ContestantName { get }
  /// Takes steps, and returns the seconds that they took.
  func time(steps: Int) throws -> Double
}

/// Who was measured.
struct ContestantName: Hashable, Sendable, CustomStringConvertible {
  let system: String, form: String, threads: Int
  var description: String { "\(system) \(form)" }
  var isMinim: Bool { system == "minim" }

  static func minim(threads: Int) -> ContestantName { .init(system: "minim", form: "step", threads: threads) }

  /// Every form in which a peer states a workload.
  static func peers(of workload: Workload.Name, threads: Int) -> [ContestantName] {
    let jax = ["step", "loop"] + (workload == .pixelcnn ? ["expert-step", "expert-loop"] : [])
    return ["eager", "compile"].map { .init(system: "torch", form: $0, threads: threads) }
      + jax.map { .init(system: "jax", form: $0, threads: threads) }
  }
}

/// Minim itself, in this process.
final class MinimContestant: Contestant {
  let name: ContestantName
  let run: WorkloadRun

  init(_ workload: Workload, threads: Int) throws {
    name = .minim(threads: threads)
    run = try WorkloadRun(workload, workers: threads)
  }

  func time(steps: Int) throws -> Double { try run.time(steps: steps) }
}

/// A failure that is said in one line.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
}
