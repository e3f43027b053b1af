import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN

/// The diagnostics of a run as curves: one plot per metric and one for the eigenvalues.
struct DiagnosticsCurves {
  private let rows: [JSON]

  /// Creates curves from the lines of `diagnostics.jsonl`; nil if there are fewer than two.
  init?(_ lines: [UInt8]) {
    rows = lines.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONParser.parse(Array($0)).json }
    guard rows.count > 1 else { return nil }
  }

  private static let others: Set<String> = ["step", "spectrum", "alarm"]

  /// - Returns: plots, three per row.
  var picture: Picture {
    let names = rows[0].object?.members.map(\.key).filter { !Self.others.contains($0) } ?? []
    let plots =
      spectrum
      + names.map { name in
        Plot(name, xLabel: "step", yLabel: name, [.init(.line(points { $0[name]?.number }))])
      }
    return Picture("diagnostics", plots: plots, columns: min(3, plots.count))
  }

  /// The logarithms of the largest eigenvalues, one line each.
  private var spectrum: [Plot] {
    let count = min(Self.most, rows.map { $0["spectrum"]?.array?.count ?? 0 }.min() ?? 0)
    guard count > 0 else { return [] }
    let lines = (0..<count).map { index in
      points { row in
        row["spectrum"]?.array?[index].number.flatMap { $0 > 0 ? Elementary.log10($0) : nil }
      }
    }
    return [
      Plot(
        "the \(count) largest eigenvalues", xLabel: "step", yLabel: "log10 of an eigenvalue",
        [.init(.lines(lines))])
    ]
  }

  private static let most = 64

  private func points(_ value: (JSON) -> Double?) -> [(x: Double, y: Double)] {
    rows.compactMap { row in
      guard let step = row["step"]?.integer, let y = value(row) else { return nil }
      return (Double(step), y)
    }
  }
}
