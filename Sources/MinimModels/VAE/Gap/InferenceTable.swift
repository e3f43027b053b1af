import MinimData
import MinimDrawing
import MinimNN

/// The cost and the loss of ways to find a posterior, measured on the same examples: one pass of the encoder, a search
/// for each example's own normal, and a few steps of it from the encoder's normal (Kim, Wiseman, Miller, Sontag and
/// Rush 2018, "Semi-Amortized Variational Autoencoders").
package struct InferenceTable {
  private struct Way {
    let name: String, bound: Double, seconds: Double, numbers: Int
  }

  private let ways: [Way]
  /// The means of log p(x) and of the best bounds found from all starts.
  private let logProb: Double, best: Double
  private let examples: Int, latent: Int, encoderNumbers: Int

  /// Runs and times each way on all rows.
  package init(_ vae: VAE, _ data: Dataset, _ gaps: [InferenceGap], _ trained: Trained) throws {
    let d = vae.configuration.latent
    let encoderNumbers = vae.encoderParameterCount
    let clock = ContinuousClock()
    func way(_ name: String, numbers: Int, _ codes: () throws -> [[Double]]) throws -> Way {
      let start = clock.now
      let codes = try codes()
      let seconds = (clock.now - start) / .seconds(1)
      let bounds = try vae.judgedBounds(of: codes, data, trained)
      return Way(
        name: name, bound: Statistics.mean(bounds).mean, seconds: seconds / Double(data.count), numbers: numbers)
    }
    let own = 2 * d * data.count
    let prior = [[Double]](
      repeating: [Double](repeating: 0, count: NormalCode.width(d)), count: data.count)
    func searched(_ steps: Int, rate: Double, from codes: [[Double]]) throws -> [[Double]] {
      try PosteriorSearch(steps: steps, rate: rate, hasCovariance: false).search(vae, data, from: codes, trained).map(
        \.code)
    }
    var ways = [try way("amortized: the encoder", numbers: encoderNumbers) { try vae.encoderCodes(data, trained) }]
    for steps in [5, 20] {
      ways.append(
        try way("semi-amortized: and \(steps) steps", numbers: encoderNumbers) {
          try searched(steps, rate: 0.1, from: vae.encoderCodes(data, trained))
        })
    }
    ways.append(
      try way("per sample: 150 steps from the prior", numbers: own) { try searched(150, rate: 0.3, from: prior) })
    self.ways = ways
    best = Statistics.mean(gaps.map(\.meanFieldBound)).mean
    logProb = Statistics.mean(gaps.map(\.logProb).filter(\.isFinite)).mean
    (examples, latent, self.encoderNumbers) = (data.count, d, encoderNumbers)
  }

  /// The table, and the number of examples above which an encoder is smaller than one normal per example.
  package func lines() -> [String] {
    var table = TextTable([
      .init(Readable.count(examples, "training example")), .init("bound - log p(x), nats", isTrailing: true),
      .init("us per example", isTrailing: true), .init("numbers stored", isTrailing: true),
    ])
    for way in ways {
      table.append([
        way.name, Readable.number(way.bound - logProb), Readable.number(way.seconds * 1e6), "\(way.numbers)",
      ])
    }
    table.append(["the best of all searches", Readable.number(best - logProb), "", ""])
    let even = (encoderNumbers + 2 * latent - 1) / (2 * latent)
    return table.lines(width: 120) + [
      "The encoder's \(encoderNumbers) numbers are fewer than \(2 * latent) for each example from \(even) examples on. The times are of an "
        + "example at each step of training, or of a new one."
    ]
  }
}
