/// The EM algorithm (Dempster, Laird and Rubin 1977) for one of the parameters of a `OneFactor`, in closed form. An E
/// step sets q to the posterior, an M step moves theta to the maximum of E_q log p(x, z). As coordinate ascent of log
/// p(x) - KL(q, posterior) it never lowers log p(x) (Neal and Hinton 1998, "A View of the EM Algorithm that Justifies
/// Incremental, Sparse, and Other Variants").
public struct ExpectationMaximization: Sendable {
  /// The parameter that is learned.
  public let learned: OneFactor.Learned
  /// The data.
  public let rows: Moments

  /// Creates the algorithm for one parameter and its data.
  public init(_ learned: OneFactor.Learned, _ rows: Moments) {
    self.learned = learned
    self.rows = rows
  }

  /// Takes an E step and an M step.
  public func round(_ model: OneFactor) -> OneFactor {
    model.maximizingExpectedLogJoint(model.posterior, learned, rows)
  }

  /// The start and the model after each round, until theta moves by less than 10^-12 of its size, or until the limit.
  public func rounds(from start: OneFactor, atMost limit: Int) -> [OneFactor] {
    var models = [start]
    for _ in 0..<limit {
      let last = models[models.count - 1]
      let next = round(last)
      models.append(next)
      if abs(next[learned] - last[learned]) <= 1e-12 * max(1, abs(last[learned])) { break }
    }
    return models
  }
}
