import ArgumentParser
import MinimDrawing
import MinimTraining

/// The options of `profile` about processes that would train one run together.
struct NetworkOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Numbers of processes of MPI to estimate a step for.", valueName: "2,4,8"))
  var ranks: RankList?

  @Option(help: ArgumentHelp("The time of a short message between two processes: 2us, 0.02ms.", valueName: "time"))
  var latency = Quantity(2e-6, text: "2us")

  @Option(help: ArgumentHelp("What a process can send per second: 12GB/s, 100Gbit/s.", valueName: "rate"))
  var bandwidth = Quantity(12e9, text: "12GB/s")

  func validate() throws {
    guard latency.isTime else { throw ValidationError("--latency: expected a time such as 2us, got \(latency.text)") }
    guard !bandwidth.isTime, bandwidth.value > 0 else {
      throw ValidationError("--bandwidth: expected a rate such as 12GB/s, got \(bandwidth.text)")
    }
  }

  /// The estimate; nothing if no ranks are given.
  func lines(_ cost: GroupCost) -> [String] {
    guard let ranks else { return [] }
    let network = GroupCost.Network(latency: latency.value, bandwidth: bandwidth.value)
    let head = "Estimated for processes with one thread each, messages of \(latency.text) and \(bandwidth.text):"
    return ["", head]
      + ranks.counts.map { count in
        let seconds = cost.seconds(count, network)
        let time =
          "\(ProfileText.fixed(seconds * 1e6)) us, \(Readable.significant(cost.alone / seconds, digits: 3)) times as fast as one"
        return
          "  \(Readable.count(count, "process", "processes")): \(time), at most \(cost.mostShards(count)) of \(Readable.count(cost.shards, "shard")) each"
      }
  }
}

/// Numbers of processes, such as 2,4,8, up to 256.
struct RankList: ExpressibleByArgument, Sendable {
  let counts: [Int]

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let counts = words.compactMap { Int($0) }
    guard counts.count == words.count, counts.allSatisfy((1...256).contains) else { return nil }
    self.counts = counts
  }
}

/// A time or a rate with its unit, as people write it.
struct Quantity: ExpressibleByArgument, Sendable {
  /// Seconds, or bytes per second.
  let value: Double
  let text: String
  let isTime: Bool

  init(_ value: Double, text: String) { (self.value, self.text, isTime) = (value, text, !text.hasSuffix("/s")) }

  /// The units, the longer ones of one ending first.
  private static let units: [(name: String, value: Double)] = [
    ("Gbit/s", 1.25e8), ("Mbit/s", 1.25e5), ("GB/s", 1e9), ("MB/s", 1e6), ("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3),
    ("s", 1),
  ]

  init?(argument: String) {
    guard let unit = Self.units.first(where: { argument.hasSuffix($0.name) }),
      let number = Double(argument.dropLast(unit.name.count)), number.isFinite, number >= 0
    else { return nil }
    self.init(number * unit.value, text: argument)
  }

  var defaultValueDescription: String { text }
}
