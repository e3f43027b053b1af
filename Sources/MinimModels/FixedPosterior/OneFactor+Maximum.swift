// The maxima of log p(x) and of E_q log p(x, z) in closed form, when one of w and b is learned.

extension OneFactor {
  /// The learned parameter of theta; the other one is known.
  public enum Learned: String, CaseIterable, Sendable { case weight, bias }

  /// w or b.
  public subscript(learned: Learned) -> Double {
    switch learned {
    case .weight: weight
    case .bias: bias
    }
  }

  /// The model with another w or b.
  public func with(_ learned: Learned, _ value: Double) -> OneFactor {
    switch learned {
    case .weight: OneFactor(weight: value, bias: bias, variance: variance)
    case .bias: OneFactor(weight: weight, bias: value, variance: variance)
    }
  }

  /// The model with the largest log p(x): b is the mean of x, or w^2 + s the mean of (x - b)^2. Of the two weights it
  /// is the one with the sign of this model's, and 0 if x varies less than its noise.
  public func maximizingLogProb(_ learned: Learned, _ rows: Moments) -> OneFactor {
    switch learned {
    case .weight:
      let size = max(0, rows.square(1, -bias) - variance).squareRoot()
      return with(.weight, weight < 0 ? -size : size)
    case .bias: return with(.bias, rows.mean)
    }
  }

  /// The model with the largest E_q log p(x, z): least squares of x on z ~ q, the M step of EM.
  public func maximizingExpectedLogJoint(_ q: LinearNormal, _ learned: Learned, _ rows: Moments) -> OneFactor {
    switch learned {
    case .weight:
      let product = rows.product((1, -bias), (q.slope, q.intercept))
      return with(.weight, product / (rows.square(q.slope, q.intercept) + q.variance))
    case .bias: return with(.bias, rows.mean - weight * (q.slope * rows.mean + q.intercept))
    }
  }
}
