import Foundation
import Minim
@_spi(Minim) import MinimAutodiff
import MinimKernels

/// Minim and its twins on one workload, in turns: whatever slows the machine for a while slows all of them.
struct Comparison {
  let workload: Workload
  let contestants: [any Contestant]
  /// Microseconds a step of each contestant, round by round.
  private(set) var times: [ContestantName: [Double]] = [:]
  /// The peak of each number of threads, round by round, in operations a second.
  private(set) var peaks: [Int: [Double]] = [:]

  /// Where the twins are; nil compares Minim with itself on other numbers of threads.
  struct Peers {
    let python: String
    let folder: URL
  }

  /// - Throws: `BenchmarkError` if a twin does not compute the same losses.
  init(_ name: Workload.Name, threads: [Int], peers: Peers?, scratch: URL, say: (String) -> Void) throws {
    workload = name.workload
    var contestants: [any Contestant] = try threads.map { try MinimContestant(name.workload, threads: $0) }
    if let peers {
      let start = try StartFile(workload, in: scratch)
      for peer in threads.flatMap({ ContestantName.peers(of: name, threads: $0) }) {
        say("\(workload.name): starting \(peer), \(peer.threads) thread\(peer.threads == 1 ? "" : "s")")
        let process = try PeerProcess(
          peer, workload.name, start: start.url, python: peers.python, folder: peers.folder)
        try Self.require(process.losses, equal: start.losses, of: peer, workload.name)
        contestants.append(process)
      }
    }
    self.contestants = contestants
  }

  /// The largest difference that is taken for the rounding of another order of summation, relative to the largest loss.
  static let tolerance = 1e-5

  private static func require(
    _ found: [Double], equal expected: [Double], of peer: ContestantName, _ workload: String
  ) throws {
    let scale = expected.map(abs).max() ?? 1
    // Each by itself: a largest difference would pass over one that is not a number.
    guard found.count == expected.count, zip(found, expected).allSatisfy({ abs($0 - $1) <= tolerance * scale }) else {
      throw BenchmarkError(
        description: """
          \(workload): \(peer) does not compute what Minim does, so that their times cannot be compared.
          losses expected \(expected)
          losses found    \(found)
          """)
    }
  }

  /// Takes turns. Before each turn the others get a moment to fall asleep.
  mutating func run(rounds: Int, seconds: Double) throws {
    let meters = try Set(contestants.map(\.name.threads)).sorted().map { ($0, try PeakMeter(threads: $0)) }
    let steps = try contestants.map { try Self.steps(of: $0, in: seconds) }
    for _ in 0..<rounds {
      Thread.sleep(forTimeInterval: 0.1)  // the threads of a peer go on spinning for a moment
      for (threads, meter) in meters { peaks[threads, default: []].append(meter.measure()) }
      for (contestant, count) in zip(contestants, steps) {
        Thread.sleep(forTimeInterval: 0.05)
        times[contestant.name, default: []].append(try contestant.time(steps: count) / Double(count) * 1e6)
      }
    }
  }

  /// How many steps a contestant takes in about so many seconds.
  private static func steps(of contestant: any Contestant, in seconds: Double) throws -> Int {
    var count = 2
    while true {
      let time = try contestant.time(steps: count)
      if time > seconds / 4 { return max(1, Int(Double(count) * seconds / time)) }
      count *= 4
    }
  }

  // MARK: - What came out

  var rows: [Results.Row] {
    contestants.compactMap { contestant in
      let name = contestant.name
      guard let own = times[name], let peak = peaks[name.threads],
        let minim = times[.minim(threads: name.threads)]
      else { return nil }
      let samples = Samples(own)
      let operations = Double((contestants.first as? MinimContestant)?.run.floatingPointOperations ?? 0)
      var row = Results.Row(
        workload: workload.name, system: name.system, form: name.form, threads: name.threads, usPerStep: samples,
        peakFraction: operations / (samples.median * 1e-6) / Samples(peak).median,
        timesMinim: Samples(zip(own, minim).map { $0 / $1 }).median)
      if let run = (contestant as? MinimContestant)?.run, name.threads == 1 { row.instructions = Self.profile(run) }
      return row
    }
  }

  private static func profile(_ run: WorkloadRun) -> [Results.Instruction] {
    let times = run.instructionTimes
    let total = times.reduce(0) { $0 + $1.seconds }
    return times.sorted { $0.seconds > $1.seconds }.prefix(12).map {
      .init(kernel: $0.kernel, us: $0.seconds * 1e6, share: $0.seconds / total)
    }
  }
}
