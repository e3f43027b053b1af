import Foundation
import Glibc
import Minim
import MinimKernels
import MinimParallel

/// The whole of a small training as one process, which is what a user waits for: the net of `pixelcnn.json` on pixels of 0
/// and 1, all 62 bars and stripes in each of 1,000 steps of Adam, 3e-3 with a cosine.
enum WholeProcess {
  static let name = "whole process"
  static let steps = 1000

  /// Trains; returns the loss before the last step.
  static func train() throws -> Double {
    let net = PixelCNN(
      PixelCNNConfiguration(
        stack: MaskStack([Mask(.a, 7), Mask(.b, 3), Mask(.b, 3), Mask(.b, 3)], .residual), channels: 32,
        pointwiseLayers: 2, pixels: .binary), height: 5, width: 5)
    let data = BarsAndStripes(height: 5, width: 5, distribution: .distinct).dataset()
    let parameters = try ParameterVector(net.parameters, precision: .float32)
    parameters.initialize(seed: 1)
    let trainer = try Trainer(
      parameters,
      UpdateRule(optimizer: Adam(), schedule: Schedule(shape: .cosine, peak: 3e-3, steps: steps), steps: steps),
      examples: .rows(data), order: BatchOrder(count: data.count, examples: data.count, drawing: .epoch, seed: 1),
      seed: 1, pool: WorkerPool(), kernels: .current(.float32)
    ) { net.objective(Batch(count: $0, exampleShape: data.exampleShape)) }
    return try (1...steps).reduce(.nan) { _, step in try trainer.step(step).loss }
  }

  // MARK: - From outside

  /// A command line whose run is timed.
  struct Command {
    let name: ContestantName
    let arguments: [String]
  }

  static func commands(threads: Int, peers: Comparison.Peers?, train: URL?) -> [Command] {
    let own = CommandLine.arguments[0]
    var commands = [Command(name: .minim(threads: threads), arguments: [own, "whole-process"])]
    if let train {
      let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("minim-benchmark-runs").path
      commands.append(
        Command(
          name: ContestantName(system: "minim", form: "train, with claims", threads: threads),
          arguments: [train.path, "--config", "pixelcnn.json", "--quiet", "--runs", scratch]))
    }
    guard let peers else { return commands }
    return commands
      + ["torch", "jax"].map { system in
        Command(
          name: ContestantName(system: system, form: system == "torch" ? "eager" : "step", threads: threads),
          arguments: [
            peers.python, peers.folder.appendingPathComponent("whole_process.py").path, "--system", system,
            "--threads", "\(threads)",
          ])
      }
  }

  /// Runs all of them in turns.
  static func measure(_ commands: [Command], rounds: Int, say: (String) -> Void) throws -> [Results.Row] {
    var seconds: [ContestantName: [Double]] = [:]
    var megabytes: [ContestantName: Double] = [:]
    for round in 1...rounds {
      for command in commands {
        say("\(name): \(command.name), \(round) of \(rounds)")
        let run = try time(command.arguments)
        seconds[command.name, default: []].append(run.seconds)
        megabytes[command.name] = max(megabytes[command.name] ?? 0, run.megabytes)
      }
    }
    let minim = seconds[commands[0].name] ?? []
    return commands.map { command in
      let own = seconds[command.name] ?? []
      return Results.Row(
        workload: name, system: command.name.system, form: command.name.form, threads: command.name.threads,
        usPerStep: Samples(own.map { $0 / Double(steps) * 1e6 }), peakFraction: nil,
        timesMinim: Samples(zip(own, minim).map { $0 / $1 }).median, megabytes: megabytes[command.name])
    }
  }

  /// Wall time and peak memory of a process whose output is thrown away.
  private static func time(_ arguments: [String]) throws -> (seconds: Double, megabytes: Double) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    let start = DispatchTime.now().uptimeNanoseconds
    let code = posix_spawn(&child, arguments[0], &actions, nil, &words, environ)
    guard code == 0 else {
      throw BenchmarkError(description: "\(arguments[0]): cannot be started: \(String(cString: strerror(code)))")
    }
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(child, &status, 0, &usage) == child, status == 0 else {
      throw BenchmarkError(description: "\(arguments.joined(separator: " ")): failed with status \(status)")
    }
    return (Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9, Double(usage.ru_maxrss) / 1024)
  }
}
