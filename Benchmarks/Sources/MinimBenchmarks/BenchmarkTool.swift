import ArgumentParser

/// The benchmarks of Minim.
struct BenchmarkTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmarks", abstract: "Time Minim's training steps and kernels.",
    subcommands: [CompareCommand.self, CountCommand.self, MicroCommand.self, WholeProcessCommand.self])
}

extension Workload.Name: ExpressibleByArgument {}
