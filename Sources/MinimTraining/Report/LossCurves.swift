import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimNN

/// The losses on whole splits during a run.
struct LossCurves {
  private static let parts = ["training", "validation"]
  private let metric: String
  private let curves: [[(x: Double, y: Double)]]

  /// Creates curves from the lines of `metrics.jsonl` that have such losses; nil if there are fewer than two.
  init?(metrics lines: [UInt8], metric: String) {
    let rows = lines.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONParser.parse(Array($0)).json }
    self.metric = metric
    curves = Self.parts.map { part in
      rows.compactMap { row in
        guard let step = row["step"]?.integer, let value = row[HeldOutLoss.key(part, metric)]?.number else {
          return nil
        }
        return (Double(step), value)
      }
    }
    guard curves.allSatisfy({ $0.count > 1 }) else { return nil }
  }

  /// Plots both curves. The losses before anything is learned would squeeze the rest: the range is that after a tenth
  /// of the steps.
  ///
  /// - Parameter mark: a step to mark; nil for none.
  func plot(mark: Int?) -> Plot {
    let shown = curves.flatMap { $0.dropFirst($0.count / 10).map(\.y) }.filter(\.isFinite)
    return Plot(
      "\(metric) on training and on validation examples" + (mark.map { ", kept step \($0) marked" } ?? ""),
      xLabel: "step", yLabel: metric, yRange: shown.min().flatMap { least in shown.max().map { least...$0 } },
      (mark.map { [.init(.mark(x: Double($0)))] } ?? [])
        + zip(Self.parts, curves).map { .init(.line($1), name: $0) })
  }
}
