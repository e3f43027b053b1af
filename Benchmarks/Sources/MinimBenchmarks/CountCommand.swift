import ArgumentParser

/// `benchmarks count NAME`: for a simulator that counts instructions inside of `takeCountedSteps` alone.
struct CountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count", abstract: "Take some steps of a workload on one thread, for an instruction counter.")

  @Argument(help: "The workload.") var name: Workload.Name
  @Option(help: "Steps.") var steps = 10

  func run() throws {
    let run = try WorkloadRun(name.workload, workers: 1)
    try run.run(steps: 2)  // what happens once has happened
    try takeCountedSteps(run, steps)
  }
}

/// Never inlined: the counter finds it by its name.
@inline(never) private func takeCountedSteps(_ run: WorkloadRun, _ steps: Int) throws { try run.run(steps: steps) }
