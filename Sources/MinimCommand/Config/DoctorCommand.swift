import ArgumentParser
import MinimSystem
import MinimAutodiff
import MinimDrawing
import MinimKernels
import MinimParallel
import MinimTraining

/// `minim doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show what this machine has, check that it computes correctly, and suggest fixes.")

  func run() throws {
    try reporting {
      let checks = [Self.kernels, Self.threads, Self.openBLAS].map { $0() } + Self.selfTests() + [Self.forkJoin()]
      var table = TextTable([.init("what"), .init("found"), .init("what to do", wraps: true)])
      for check in checks { table.append([check.name, check.found, check.advice ?? "nothing"]) }
      try Terminal.print(table.lines(width: max(100, Terminal.current(1).width)).joined(separator: "\n") + "\n")
      if checks.contains(where: \.isWrong) { throw ExitCode(70) }
    }
  }

  private struct Check {
    let name: String, found: String
    var advice: String?
    /// Whether results would be wrong, not just slow.
    var isWrong = false
  }

  private static func kernels() -> Check {
    let best = KernelLevel.preferred, used = (try? KernelLevel.current) ?? best
    let advice =
      used != best
      ? "\(KernelLevel.variable) forces \(used); unset it to use \(best)"
      : used.isFused
        ? nil
        : "this CPU has no fused multiply-add: the bits of results differ from other machines, and runs take longer"
    return Check(name: "kernels", found: "\(used), best of this CPU: \(best)", advice: advice)
  }

  private static func threads() -> Check {
    let count = WorkerCount.available
    return Check(
      name: "threads", found: "\(count) by affinity and cgroup",
      advice: count == 1 ? "this process may use one core: see taskset and the container's CPU limit" : nil)
  }

  private static func openBLAS() -> Check {
    if let problem = OpenBLAS.problem { return Check(name: "OpenBLAS", found: "none", advice: problem) }
    let version = OpenBLAS.configuration.split(separator: " ").prefix(2).joined(separator: " ")
    // Kernels without AVX2, on a CPU that has it.
    let isSlow = ["Prescott", "Core2", "Nehalem", "Generic"].contains(OpenBLAS.coreName)
    let fasterCore = isSlow ? ["avx512": "SkylakeX", "avx2": "Haswell"][KernelLevel.preferred.description] : nil
    let advice = fasterCore.map { core in
      "this OpenBLAS does not know this CPU; if \"gemm\" is openblas, OPENBLAS_CORETYPE=\(core) is faster"
    }
    return Check(
      name: "OpenBLAS", found: "\(version), core \(OpenBLAS.coreName)", advice: OpenBLAS.warning ?? advice)
  }

  /// A product and the transcendental functions at each level of kernels, compared with plain loops.
  private static func selfTests() -> [Check] {
    KernelLevel.available.map { level in
      let error = (try? largestError(level)) ?? .infinity
      let isWrong = !(error < 1e-12)
      return Check(
        name: "self-test, \(level)", found: "largest relative error \(Readable.significant(error, digits: 2))",
        advice: isWrong ? "this machine computes wrong results: please report it with the lines above" : nil,
        isWrong: isWrong)
    }
  }

  private static func largestError(_ level: KernelLevel) throws -> Double {
    let (m, k, n) = (17, 33, 19)
    let key = RandomKey(seed: 1)
    let a = (0..<m * k).map { key.uniform(at: UInt64($0)) }, b = (0..<k * n).map { key.uniform(at: UInt64(5000 + $0)) }
    let product = matmul(.input("a", shape: [m, k]), .input("b", shape: [k, n]))
    let found = try MinimAutodiff.evaluate(
      [product, exp(product * 0.1), log(product), tanh(product * 0.1)], inputs: ["a": a, "b": b],
      kernels: KernelTable(level: level, precision: .float64))
    let exact = (0..<m * n).map { place -> Double in
      let (row, column) = (place / n, place % n)
      return (0..<k).reduce(0) { (sum: Double, p: Int) in sum + a[row * k + p] * b[p * n + column] }
    }
    let references = [
      exact, exact.map { MinimSystem.exp($0 * 0.1) }, exact.map { MinimSystem.log($0) },
      exact.map { MinimSystem.tanh($0 * 0.1) },
    ]
    return zip(found, references).flatMap { zip($0, $1).map { abs($0 - $1) / abs($1) } }.max() ?? .infinity
  }

  /// The time to hand a job to all threads and wait for them, over ten thousand repetitions: what a step of a small
  /// model pays for threads.
  private static func forkJoin() -> Check {
    let pool = WorkerPool(workers: nil), times = 10_000
    for _ in 0..<100 { pool.run(pool.workers) { _ in } }
    let start = ContinuousClock.now
    for _ in 0..<times { pool.run(pool.workers) { _ in } }
    let seconds = (ContinuousClock.now - start) / .seconds(1) / Double(times)
    return Check(
      name: "fork and join", found: "\(Readable.duration(seconds)) on \(pool.workers) threads",
      advice: seconds > 50e-6
        ? "threads wait for cores: other programs may use them. Try --workers 1 for the smallest models" : nil)
  }
}
