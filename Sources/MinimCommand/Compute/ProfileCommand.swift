import ArgumentParser
@_spi(Minim) import MinimAutodiff
import MinimDrawing
import MinimKernels
import MinimNN
import MinimParallel
import MinimTraining

/// `minim profile CONFIG`.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "Show where the time of a training step goes, instruction by instruction.",
    discussion: """
      With --ranks, it also estimates the step of so many processes of MPI with one thread each, for a network of this latency \
      and bandwidth: minim profile CONFIG --ranks 2,4,8 --latency 2us --bandwidth 12GB/s
      """)

  @OptionGroup var options: ConfigOptions

  @Option(help: "Number of threads to compare with a single thread.")
  var workers: Int?

  @OptionGroup var network: NetworkOptions

  func run() throws {
    try reporting {
      if let workers, !WorkerCount.allowed.contains(workers) {
        throw CommandError("--workers: expected 1 to \(WorkerCount.allowed.upperBound), got \(workers)", exit: .usage)
      }
      let experiment = try options.experiment(for: "profile")
      let level = try ConfigFiles.level()
      let profile = try Activity().shown(as: "profile") {
        try StepProfile(experiment, workers: workers ?? WorkerCount.available, level: level)
      }
      let lines = ProfileText.lines(profile, width: Terminal.current(1).width) + network.lines(profile.group)
      try Terminal.print(lines.joined(separator: "\n") + "\n")
    }
  }
}

/// A profile for the terminal.
enum ProfileText {
  static func lines(_ profile: StepProfile, width: Int) -> [String] {
    let total = profile.instructions.reduce(0) { $0 + $1.seconds }
    var table = TextTable([
      .init("us", isTrailing: true), .init("share", isTrailing: true), .init("GFLOP/s", isTrailing: true),
      .init("kernel and what it computes", wraps: true),
    ])
    for instruction in profile.instructions.sorted(by: { $0.seconds > $1.seconds }) {
      let rate = Double(instruction.floatingPointOperations) / instruction.seconds * 1e-9
      table.append([
        fixed(instruction.seconds * 1e6), fixed(100 * instruction.seconds / total) + " %",
        instruction.floatingPointOperations == 0 ? "" : fixed(rate),
        instruction.kernel + " | " + instruction.operations,
      ])
    }
    return [
      "A shard of \(Readable.count(profile.examples, "example")), one thread: \(fixed(total * 1e6)) us in "
        + "\(Readable.count(profile.instructions.count, "instruction")); "
        + "\(Readable.count(profile.shards, "shard")) per batch",
      "",
    ] + table.lines(width: width) + [""] + steps(profile) + [
      "Products: \(fixed(Double(profile.operationsPerStep) * 1e-6)) MFLOP per step; one thread reaches at most "
        + "\(fixed(profile.peak * 1e-9)) GFLOP/s here",
      "Memory: \(kibibytes(profile.bytesPerWorker)) per worker, \(kibibytes(profile.sharedBytes)) for parameters, "
        + "gradient slots and optimizer",
    ]
  }

  private static func steps(_ profile: StepProfile) -> [String] {
    let alone = profile.steps[0].seconds
    return profile.steps.map { workers, seconds in
      let efficiency = workers == 1 ? "" : ", efficiency \(fixed(100 * alone / seconds / Double(workers))) %"
      let share = Double(profile.operationsPerStep) / seconds / profile.peak / Double(workers)
      return "A step with \(Readable.count(workers, "worker")): \(fixed(seconds * 1e6)) us, "
        + "\(fixed(100 * share)) % of the peak\(efficiency)"
    }
  }

  static func fixed(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func kibibytes(_ bytes: Int) -> String { "\((bytes + 1023) / 1024) KiB" }
}
