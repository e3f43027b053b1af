import MinimDrawing
import MinimNN

/// The losses on whole splits during a run.
struct LossCurves {
  private static let parts = ["training", "validation"]
  private let metric: String, unit: String?
  private let curves: [[(x: Double, y: Double)]]

  /// Takes such losses from the metrics of a run; nil if there are fewer than two.
  init?(_ metrics: RunMetrics, metric: String, unit: String?) {
    (self.metric, self.unit) = (metric, unit)
    curves = Self.parts.map { metrics.series(HeldOutLoss.key($0, metric)) }
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
      xLabel: "step", yLabel: metric + (unit.map { " (\($0))" } ?? ""),
      yRange: shown.min().flatMap { least in shown.max().map { least...$0 } },
      (mark.map { [.init(.mark(x: Double($0)))] } ?? [])
        + zip(Self.parts, curves).map { .init(.line($1), name: $0) })
  }
}
