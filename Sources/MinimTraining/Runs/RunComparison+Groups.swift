import MinimNN

// Runs grouped by the value of a key, for comparisons over several seeds.

extension RunComparison {
  /// The runs with one value of a key.
  package struct Group: Sendable {
    package let value: String
    package let entries: [Entry]
  }

  /// A metric over the runs of a group, in the order of their seeds.
  package struct GroupMetric: Sendable {
    package let name: String
    package let group: String
    package let values: [Double]

    package var mean: Double { Statistics.mean(values).mean }
    /// Half the width of the 95 % interval of the mean (Student's t); nil for a single value.
    package var halfInterval: Double? { values.count > 1 ? Statistics.halfInterval(values) : nil }
  }

  /// The runs grouped by the value of a key, or by the values of several keys joined by commas: groups in the order of
  /// their first run, runs in the order of their seeds.
  package func groups(by key: String) -> [Group] {
    let keys = key.split(separator: ",").map(String.init)
    var groups: [(value: String, entries: [Entry])] = []
    for entry in entries {
      let value = keys.map { entry.record.value($0) ?? "-" }.joined(separator: ", ")
      if let index = groups.firstIndex(where: { $0.value == value }) {
        groups[index].entries.append(entry)
      } else {
        groups.append((value, [entry]))
      }
    }
    func seed(_ entry: Entry) -> Int { entry.record.value("seed").flatMap { Int($0) } ?? 0 }
    return groups.map { Group(value: $0.value, entries: $0.entries.sorted { seed($0) < seed($1) }) }
  }

  /// Every metric of every group that has it.
  package func metrics(of groups: [Group]) -> [GroupMetric] {
    metricNames.flatMap { name in
      groups.map { GroupMetric(name: name, group: $0.value, values: $0.entries.compactMap { $0.metric(name) }) }
        .filter { !$0.values.isEmpty }
    }
  }

  /// The first group compared with each other one, seed by seed: what both have from their seed cancels.
  package func pairedMetrics(of groups: [Group]) -> [GroupMetric] {
    guard let first = groups.first else { return [] }
    return metricNames.flatMap { name in
      groups.dropFirst().map {
        GroupMetric(name: name, group: $0.value, values: Self.paired(name, first, $0))
      }.filter { $0.values.count > 1 }
    }
  }

  /// The differences of a metric between runs with the same seed in two groups; runs without a partner are left out.
  package static func paired(_ name: String, _ a: Group, _ b: Group) -> [Double] {
    a.entries.compactMap { entry in
      guard let seed = entry.record.value("seed"), let x = entry.metric(name),
        let partner = b.entries.first(where: { $0.record.value("seed") == seed }), let y = partner.metric(name)
      else { return nil }
      return y - x
    }
  }
}
