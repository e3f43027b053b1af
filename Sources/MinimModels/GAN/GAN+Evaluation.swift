import MinimData
import MinimKernels
import MinimNN

extension GAN {
  /// Returns the distance of draws from data, their distribution over the modes if these are known, and the eigenvalues
  /// of the field.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let samples = try draws(Self.rows, trained)
    let real = realRows(trained, purpose: 0), others = realRows(trained, purpose: 1)
    var metrics = mixture(trained).map { modes(ModeCoverage(samples, of: $0, reference: real.whole)) } ?? []
    metrics += [
      .init(
        "energyDistance", energyDistance(few(samples), real.few, dimensions: dimensions),
        "between draws of the generator and data: 2 E|X - Y| - E|X - X'| - E|Y - Y'|"),
      .init(
        "energyDistanceOfData", energyDistance(others.few, real.few, dimensions: dimensions),
        "the same between two samples of the data"),
    ]
    if let spectrum = try FieldSpectrum(self, trained) { metrics += spectrum.metrics(trained.rule) }
    return Evaluation(metrics)
  }

  private func modes(_ modes: ModeCoverage) -> [Evaluation.Metric] {
    let count = modes.weights.count
    return [
      .init(
        "coveredModes", Double(modes.covered), "components of \(count) with at least a quarter of their share"),
      .init("leastShare", modes.leastShare, "the least share of a component, over what it should be"),
      .init("leastCount", modes.shares.min() ?? .nan, "the least share of a component"),
      .init("modeDivergence", modes.divergence, "KL(shares of the components, their weights), nats"),
      .init(
        "withinThreeDeviations", modes.withinThreeDeviations,
        "the share of draws within three deviations of a component"),
      .init(
        "leastSpread", modes.spreads.min() ?? .nan,
        "median distance from the mean of a component's draws, over that of data: the least"),
      .init("largestSpread", modes.spreads.max() ?? .nan, "the largest"),
    ]
  }

  static let rows = 10_000

  /// The mixture that the data are drawn from, if its components are few.
  func mixture(_ trained: Trained) -> GaussianMixture? {
    guard let mixture = trained.data.distribution as? GaussianMixture,
      (2...32).contains(mixture.components)
    else { return nil }
    return mixture
  }

  /// The first rows, as many as an energy distance uses.
  func few(_ rows: [Double]) -> [Double] { Array(rows.prefix(Self.pairs * dimensions)) }

  private static let pairs = 1500

  /// Examples that were not trained on, if there are any: `whole`, up to 10,000, and the first few.
  ///
  /// - Parameter purpose: selects the sample.
  func realRows(_ trained: Trained, purpose: UInt64) -> (whole: [Double], few: [Double]) {
    if let density = trained.data.distribution as? any KnownDensity {
      let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(purpose)
      let whole = (0..<UInt64(Self.rows)).flatMap { density.draw(key.folding($0)) }
      return (whole, few(whole))
    }
    let parts = [trained.data.test, trained.data.validation, trained.data.rows].compactMap { $0 }
    let part = parts.isEmpty ? nil : parts[min(Int(purpose), parts.count - 1)]
    let whole = part?.values.map(Double.init) ?? []
    return (whole, few(whole))
  }
}
