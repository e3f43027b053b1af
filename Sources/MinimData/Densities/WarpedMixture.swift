import MinimKernels

/// A map of the plane onto itself that preserves areas: |det J| = 1 everywhere, so the density at a warped point is
/// that at the point itself, and the entropy is unchanged.
public enum AreaPreservingWarp: Hashable, Sendable {
  /// (u1, u2 + curvature (u1^2 - offset)), a shear: Rosenbrock's valley.
  case parabola(curvature: Double, offset: Double)
  /// A rotation by rate |u|^2: every circle turns as a whole.
  case twist(rate: Double)

  /// The warped point.
  public func forward(_ u: [Double]) -> [Double] {
    let x = forward((u[0], u[1]))
    return [x.0, x.1]
  }

  /// The point that warps to x.
  public func inverse(_ x: [Double]) -> [Double] {
    let u = inverse((x[0], x[1]))
    return [u.0, u.1]
  }

  /// The warped point, for numbers or expressions.
  package func forward<N: FormulaNumber>(_ u: (N, N)) -> (N, N) { apply(u, sign: 1) }

  /// The point that warps to x, for numbers or expressions.
  package func inverse<N: FormulaNumber>(_ x: (N, N)) -> (N, N) { apply(x, sign: -1) }

  /// Warps by the amount times `sign`. A warp leaves unchanged what its amount depends on, so the inverse is the warp
  /// by the opposite amount.
  private func apply<N: FormulaNumber>(_ u: (N, N), sign: Double) -> (N, N) {
    switch self {
    case .parabola(let curvature, let offset): return (u.0, u.1 + (u.0 * u.0 - offset) * (sign * curvature))
    case .twist(let rate):
      let angle = (u.0 * u.0 + u.1 * u.1) * (sign * rate)
      let (c, s) = (N.cos(angle), N.sin(angle))
      return (c * u.0 - s * u.1, s * u.0 + c * u.1)
    }
  }
}

/// A mixture of normals in the plane, seen through a warp.
public struct WarpedMixture: KnownDensity {
  /// The name in reports.
  public let name: String
  /// The mixture that is warped.
  public let base: GaussianMixture
  /// The map from the base's points to this one's.
  public let warp: AreaPreservingWarp
  /// E x, [2].
  public let mean: [Double]
  /// The covariance, [2][2].
  public let covariance: [[Double]]
  /// At least six and a half deviations of the base, warped.
  public let bounds: [ClosedRange<Double>]
  /// The box of pictures.
  public let window: [ClosedRange<Double>]
  /// Cells as fine as the narrowest place needs.
  public let cells: [Int]

  /// The number of dimensions: a plane.
  public var dimensions: Int { 2 }

  /// log p of the point that warps to x, in nats: areas are preserved.
  public func logProb(_ x: [Double]) -> Double { base.logProb(warp.inverse(x)) }

  /// Draws a point of the base, and warps it.
  public func draw(_ key: RandomKey, into row: inout [Double]) {
    base.draw(key, into: &row)
    (row[0], row[1]) = warp.forward((row[0], row[1]))
  }

  /// The entropy of the base.
  public func entropy() -> QuadratureEstimate? { base.entropy() }
}

extension WarpedMixture {
  /// A bent normal: x1 ~ N(0, deviation^2), x2 given x1 ~ N(curvature (x1^2 - deviation^2), sigma^2). The mean is the origin.
  public static func banana(deviation: Double = 1, sigma: Double = 0.3, curvature: Double = 0.5) -> WarpedMixture {
    let (a, b) = (deviation * deviation, sigma * sigma)
    func box(_ deviations: Double) -> [ClosedRange<Double>] {
      let (reach, width) = (deviations * sigma, deviations * deviation)
      let (bottom, end) = (-curvature * a, curvature * a * (deviations * deviations - 1))
      return [-width...width, min(bottom, end) - reach...max(bottom, end) + reach]
    }
    // At three deviations the valley is as steep as it is where much mass is, and as narrow across.
    let narrowest = min(deviation, sigma / max(1e-9, abs(6 * curvature * deviation)))
    // Wider than elsewhere: what is cut off counts in the second moment with its fourth power.
    let bounds = box(7.5)
    return WarpedMixture(
      name: "banana, curvature \(curvature)",
      base: GaussianMixture(name: "normal", means: [[0, 0]], covariances: [[[a, 0], [0, b]]]),
      warp: .parabola(curvature: curvature, offset: a), mean: [0, 0],
      covariance: [[a, 0], [0, b + 2 * curvature * curvature * a * a]], bounds: bounds, window: box(3),
      cells: Self.cells(of: bounds, steps: [narrowest / 4, sigma / 4]))
  }

  /// Arms around the origin, bent like a whirl: each is a normal, longer along the radius than across, rotated by an
  /// angle of twist |x|^2.
  ///
  /// - Parameters:
  ///   - arms: three or more, so that the covariance is a multiple of the identity.
  ///   - radius: the distance from the origin to the middle of an arm.
  ///   - radialSigma: the deviation along the radius.
  ///   - tangentialSigma: the deviation across it.
  ///   - twist: the angle at distance 1.
  public static func pinwheel(
    arms: Int = 5, radius: Double = 1.8, radialSigma: Double = 0.4, tangentialSigma: Double = 0.12, twist: Double = 0.2
  ) -> WarpedMixture {
    precondition(arms >= 3, "a pinwheel has three arms or more, not \(arms)")
    let (a, b) = (radialSigma * radialSigma, tangentialSigma * tangentialSigma)
    let angles = (0..<arms).map { 2 * Double.pi * Double($0) / Double(arms) }
    let axes = angles.map { [Elementary.cos($0), Elementary.sin($0)] }
    let base = GaussianMixture(
      name: "\(arms) arms", means: axes.map { $0.map { radius * $0 } },
      covariances: axes.map { axis in
        let across = [-axis[1], axis[0]]
        return (0..<2).map { i in (0..<2).map { j in a * axis[i] * axis[j] + b * across[i] * across[j] } }
      })
    func box(_ deviations: Double) -> [ClosedRange<Double>] {
      let (along, across) = (radius + deviations * radialSigma, deviations * tangentialSigma)
      let reach = (along * along + across * across).squareRoot()
      return [-reach...reach, -reach...reach]
    }
    // The narrowest direction across an arm gets narrower where neighboring circles turn by different angles.
    let far = radius + 3 * radialSigma
    let shear = 2 * twist * far * far
    let narrowest = min(radialSigma, tangentialSigma) / (1 + shear * shear).squareRoot()
    // E |x|^2 / 2 in every direction: the warp changes no circle, and the arms are spread evenly over one.
    let variance = (radius * radius + a + b) / 2
    return WarpedMixture(
      name: "pinwheel with \(arms) arms", base: base, warp: .twist(rate: twist), mean: [0, 0],
      covariance: [[variance, 0], [0, variance]], bounds: box(6.5), window: box(2.5),
      cells: Self.cells(of: box(6.5), steps: [narrowest / 2, narrowest / 2]))
  }
}
