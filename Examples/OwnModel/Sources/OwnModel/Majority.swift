import Minim

/// Rows of fair bits and a last bit, 1 if most of the others are: half of all rows are impossible.
struct Majority: DataSource, KnownDistribution {
  let voters: Int, rows: Int

  init(_ section: ConfigurationSection) {
    voters = section.integer("voters", default: 5, in: 1...63, "Bits that vote; an odd number.")
    rows = section.integer("rows", default: 1000, in: 1...1_000_000, "Rows per split.")
    if voters % 2 == 0 {
      section.report("voters", "expected an odd number, so there is a majority, got \(voters)")
    }
  }

  /// Rows to train on, and as many for validation and for the test. A row is a function of the key and its number alone.
  func load(from folders: [String], seed: UInt64) -> DataSplit {
    let parts = (0..<3).map { part -> Dataset in
      let key = RandomKey(seed: seed).folding(.data).folding(UInt64(part))
      let values = (0..<rows).flatMap { row(key.folding(UInt64($0))) }
      return Dataset(name: "majority of \(voters)", exampleShape: [1, voters + 1, 1], values: values)
    }
    return DataSplit(
      name: parts[0].name, training: .rows(parts[0]), validation: parts[1], test: parts[2], distribution: self,
      levels: 2)
  }

  private func row(_ key: RandomKey) -> [Float] {
    let votes = (0..<UInt64(voters)).map { key.uniform(at: $0) > 0.5 ? Float(1) : 0 }
    return votes + [2 * votes.reduce(0, +) > Float(voters) ? 1 : 0]
  }
}
