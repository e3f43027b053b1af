import ArgumentParser
@_spi(Minim) import MinimAutodiff

/// The benchmarks of Minim.
struct BenchmarkTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmarks", abstract: "Time Minim's training steps and kernels.",
    subcommands: [
      CompareCommand.self, CountCommand.self, MicroCommand.self, StepsCommand.self, WholeProcessCommand.self,
    ])
}

/// `benchmarks steps NAME`.
struct StepsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steps", abstract: "Take some steps of one workload, and nothing else.")

  @Argument(help: "The workload.") var name: Workload.Name
  @Option(help: "Steps.") var steps = 100
  @Option(help: "Threads.") var workers = 1
  @Flag(help: "Show the instructions.") var profile = false

  func run() throws {
    let run = try WorkloadRun(name.workload, workers: workers)
    try run.run(steps: max(1, steps / 10))
    let times = try (0..<20).map { _ in try run.time(steps: steps) / Double(steps) * 1e6 }
    let samples = Samples(times)
    print(
      name, workers, "us/step", samples.median, samples.p10, samples.p90, "GF",
      Double(run.floatingPointOperations) / samples.median * 1e-3)
    if profile {
      for i in run.instructionTimes.sorted(by: { $0.seconds > $1.seconds }) {
        print(i.seconds * 1e6, Double(i.floatingPointOperations) / i.seconds * 1e-9, i.kernel, i.operations.prefix(80))
      }
    }
  }
}

extension Workload.Name: ExpressibleByArgument {}
