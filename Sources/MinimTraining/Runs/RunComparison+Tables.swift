import MinimDrawing
import MinimFiles

// A comparison as rows of words, for the terminal and for a page.

extension RunComparison {
  /// A table of words: the titles of its columns, and rows that begin with their names.
  package struct Table: Sendable {
    package let titles: [String]
    package let rows: [[String]]

    /// The first `most` rows, and a last one that says how many are left out.
    func prefix(_ most: Int) -> Table {
      guard rows.count > most else { return self }
      let rest = ["...", "and \(rows.count - most) more"] + [String](repeating: "", count: max(0, titles.count - 2))
      return Table(titles: titles, rows: rows.prefix(most) + [rest])
    }
  }

  /// The most values of runs in one cell.
  private static let mostValues = 200

  /// The runs' names, numbered from 1.
  package var runs: Table {
    Table(
      titles: ["", "run", "state", "step", "claims"],
      rows: entries.enumerated().map { index, entry in
        let record = entry.record
        return ["\(index + 1)", record.name, record.state.rawValue, "\(record.step)", record.claims]
      })
  }

  private var numbers: [String] { entries.indices.map { "\($0 + 1)" } }

  /// Keys whose values are not the same in all runs.
  package var configTable: Table {
    Table(titles: ["config"] + numbers, rows: differences.map { [$0.key] + $0.values.map { $0 ?? "-" } })
  }

  /// All metrics side by side.
  package var metricTable: Table {
    Table(
      titles: ["metric"] + numbers,
      rows: metricNames.map { name in [name] + entries.map { $0.metric(name).map(Readable.number) ?? "-" } })
  }

  /// The first difference of each run's loss from that of the first run, in sentences. One that cannot be found has the
  /// reason in its place.
  package var partings: [String] {
    entries.indices.dropFirst().map { index in
      do throws(FileError) { return try parting(index) } catch { return "1 and \(index + 1): \(error)." }
    }
  }

  /// The same for a file, which must not lack what only the system did not let read.
  ///
  /// - Throws: `FileError` (74)
  package func readPartings() throws(FileError) -> [String] {
    var sentences: [String] = []
    for index in entries.indices.dropFirst() {
      do throws(FileError) { sentences.append(try parting(index)) } catch {
        if error.exit == .inputOutput { throw error }
        sentences.append("1 and \(index + 1): \(error).")
      }
    }
    return sentences
  }

  /// The first difference of one run's loss from that of the first run.
  private func parting(_ index: Int) throws(FileError) -> String {
    let runs = "1 and \(index + 1)", entry = entries[index]
    guard let name = entries[0].metrics?.lossName, entry.metrics?.lossName == name else {
      return "\(runs) have no loss in common."
    }
    guard let it = try Self.firstDifference(entries[0], entry, store: store) else {
      return "\(runs): \(name) is the same to the bit at all steps that both have recorded."
    }
    let values = "\(Readable.number(it.values.0)) and \(Readable.number(it.values.1))"
    return "\(runs): \(name) first differs at step \(it.step): \(values)."
  }

  /// Metrics over the runs of each group, with the values of all runs.
  package func groupTable(_ groups: [Group], by key: String) -> Table {
    Table(
      titles: ["metric", key, "runs", "mean", "95 %", "each run, by seed"],
      rows: metrics(of: groups).map { it in
        [
          it.name, it.group, "\(it.values.count)", Readable.significant(it.mean),
          it.halfInterval.map { "+- " + Readable.significant($0, digits: 2) } ?? "-",
          it.values.prefix(Self.mostValues).map { Readable.significant($0) }.joined(separator: " ")
            + (it.values.count > Self.mostValues ? " ..." : ""),
        ]
      })
  }

  /// The first group compared with each other one, seed by seed.
  package func pairedTable(_ groups: [Group]) -> Table {
    Table(
      titles: ["paired by seed", "minus \(groups.first?.value ?? "-")", "pairs", "mean", "95 %"],
      rows: pairedMetrics(of: groups).map { it in
        [
          it.name, it.group, "\(it.values.count)", Readable.significant(it.mean),
          it.halfInterval.map { "+- " + Readable.significant($0, digits: 2) } ?? "-",
        ]
      })
  }
}
