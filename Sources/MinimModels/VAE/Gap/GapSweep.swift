import MinimSystem
import MinimData
import MinimDrawing
import MinimNN

/// Both gaps over a variable: the steps of a run, or the width of an encoder.
package struct GapSweep {
  /// Means over examples, and their standard errors, in nats.
  struct Point {
    let x: Double
    let approximation: (mean: Double, error: Double), amortization: (mean: Double, error: Double)

    init(x: Double, _ gaps: [InferenceGap]) {
      self.x = x
      approximation = Statistics.mean(gaps.map(\.approximation).filter(\.isFinite))
      amortization = Statistics.mean(gaps.map(\.amortization))
    }
  }

  let title: String, xLabel: String
  /// Whether both axes of the plot are logarithmic: widths double, and gaps span decades.
  var isLogarithmic = false
  let points: [Point]

  /// The gaps of some training examples at several steps of a run.
  ///
  /// - Parameter parameters: the run's parameters at a step.
  /// - Throws: the errors of `parameters`, and `KernelError` if there is not enough memory.
  package static func overSteps(
    _ steps: [Int], _ vae: VAE, _ part: Dataset, _ parameters: (Int) throws -> Trained
  ) throws -> GapSweep {
    let points = try steps.map { Point(x: Double($0), try vae.inferenceGaps(part, parameters($0))) }
    return GapSweep(
      title: "gaps of \(Readable.count(part.count, "training example")) during the run", xLabel: "step", points: points)
  }

  /// The gaps of some training examples for encoders of several widths, each trained for the decoder as it is.
  package static func overWidths(_ widths: [Int], _ vae: VAE, _ part: Dataset, _ trained: Trained) throws -> GapSweep {
    let points = try widths.map { width in
      let (model, learned) = try EncoderSweep().encoder(width: width, of: vae, trained)
      return Point(x: Double(width), try model.inferenceGaps(part, learned))
    }
    return GapSweep(
      title: "gaps of \(Readable.count(part.count, "training example")), one decoder, encoders of two layers",
      xLabel: "units of a layer", isLogarithmic: true, points: points)
  }

  /// One row per point.
  package func lines() -> [String] {
    var table = TextTable([
      .init(xLabel, isTrailing: true), .init("approximation gap", isTrailing: true), .init("95 %", isTrailing: true),
      .init("amortization gap", isTrailing: true), .init("95 %", isTrailing: true),
    ])
    for point in points {
      func cells(_ it: (mean: Double, error: Double)) -> [String] {
        [Readable.number(it.mean), "+- \(Readable.number(1.96 * it.error))"]
      }
      table.append(["\(Int(point.x))"] + cells(point.approximation) + cells(point.amortization))
    }
    return [title] + table.lines(width: 120)
  }

  /// Both means, with bars of their 95 % intervals if the axes are not logarithmic.
  package var plot: Plot {
    if isLogarithmic {
      func curve(_ name: String, _ value: (Point) -> Double) -> Plot.Series {
        .init(.line(points.map { (log10($0.x), log10(value($0))) }), name: name)
      }
      return Plot(
        title, xLabel: xLabel, yLabel: "nats", xScale: .powersOfTen, yScale: .powersOfTen,
        [curve("approximation", \.approximation.mean), curve("amortization", \.amortization.mean)])
    }
    func series(_ name: String, _ value: (Point) -> (mean: Double, error: Double), color: Int) -> [Plot.Series] {
      [
        .init(.line(points.map { ($0.x, value($0).mean) }), name: name, color: color),
        .init(.dots(points.map { ($0.x, value($0).mean, 1.96 * value($0).error) }), color: color),
      ]
    }
    return Plot(
      title, xLabel: xLabel, yLabel: "nats",
      series("approximation", \.approximation, color: 0) + series("amortization", \.amortization, color: 1))
  }
}
