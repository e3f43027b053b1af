import Foundation

/// What a comparison measured, as `results.json` holds it.
struct Results: Codable {
  /// One system on one workload.
  struct Row: Codable {
    let workload: String, system: String, form: String
    let threads: Int
    let usPerStep: Samples
    /// The live multiplications and additions of a step over what the machine's multiply-adds could have made in its time;
    /// null for what is timed as a whole process.
    let peakFraction: Double?
    /// How many times Minim's time on as many threads this is: the median over the rounds.
    let timesMinim: Double?
    /// Peak memory of a whole process.
    var megabytes: Double?
    /// Where Minim's time goes: the instructions of a shard, the slowest first.
    var instructions: [Instruction]?
  }

  struct Instruction: Codable {
    let kernel: String
    let us: Double, share: Double
  }

  struct Machine: Codable {
    let cpu: String
    let cpus: Int
    let system: String, kernels: String
    /// The measured peak by threads, GFLOP/s.
    let peakGflops: [String: Samples]
  }

  let machine: Machine
  var rows: [Row]

  func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(self) + Data("\n".utf8)).write(to: url, options: .atomic)
  }
}

extension Results.Machine {
  /// The name of the processor and of the operating system, as the system tells them.
  static func describe(kernels: String, peak: [String: Samples]) -> Results.Machine {
    func value(_ file: String, _ key: String) -> String? {
      (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n").first { $0.hasPrefix(key) }?
        .drop { $0 != ":" && $0 != "=" }.dropFirst().trimmingCharacters(in: CharacterSet(charactersIn: " \""))
    }
    let family = value("/proc/cpuinfo", "cpu family") ?? "?", model = value("/proc/cpuinfo", "model\t") ?? "?"
    return .init(
      cpu: "\(value("/proc/cpuinfo", "model name") ?? "unknown") (family \(family), model \(model))",
      cpus: ProcessInfo.processInfo.activeProcessorCount,
      system: value("/etc/os-release", "PRETTY_NAME") ?? ProcessInfo.processInfo.operatingSystemVersionString,
      kernels: kernels, peakGflops: peak)
  }
}
