import ArgumentParser

/// `benchmarks micro`.
struct MicroCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "micro", abstract: "Time the parts of a step: products, functions, replay, fork and join, optimizers.")

  func run() throws {
    for section in [
      MicroBenchmarks.products, MicroBenchmarks.functions, MicroBenchmarks.replay, { MicroBenchmarks.forkJoin() },
      MicroBenchmarks.optimizers,
    ] as [() throws -> [String]] {
      print(try section().joined(separator: "\n") + "\n")
    }
  }
}
