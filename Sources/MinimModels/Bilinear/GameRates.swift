import MinimKernels
import MinimNN

/// The factor by which the steps of a bilinear game shrink or grow in the long run. The singular value decomposition of
/// M splits the game into scalar games, one per singular value s, and a rule depends on each only through t = rate s
/// (Gidel et al. 2019, "Negative Momentum for Improved Game Dynamics", section 4; Zhang and Yu 2020, "Convergence of
/// Gradient Methods on Bilinear Zero-Sum Games").
///
/// Descent is D(l) z = -rate N(l) v for a field v and an eigenvalue l: D = (l - 1)(l - b), N = l with momentum b, and D
/// = l (l - 1), N = 2 l - 1 if optimistic. A field with eigenvalues x + i y, times the rate, then satisfies (D + x N)^2
/// + y^2 N^2 = 0, or with l y^2 N^2 if the second player sees what the first has done.
public struct GameRates: Sendable {
  /// The rule.
  public let rule: LinearRule

  /// Creates the rates of a rule.
  public init(_ rule: LinearRule) { self.rule = rule }

  /// The coefficients of the characteristic polynomial for one singular value, from the highest power, whose
  /// coefficient is 1.
  public func characteristicPolynomial(_ singularValue: Double) -> [Double] {
    let t = rule.rate * singularValue
    let x = rule.rate * rule.consensus * singularValue * singularValue
    var (real, imaginary) = (x, t)
    if rule.dynamics == .extragradient { (real, imaginary) = (x - (x * x - t * t), t - 2 * x * t) }
    if case .alternating(_, let times) = rule.dynamics, times > 1 { return Self.turns(x, t, times) }
    let (d, n) = factors
    let first = Self.sum(d, n.map { real * $0 })
    var second = Self.product(n, n).map { imaginary * imaginary * $0 }
    if case .alternating = rule.dynamics { second.append(0) }
    return Self.sum(Self.product(first, first), second)
  }

  /// The largest modulus of a root: below 1 the game converges on this singular value.
  ///
  /// - Throws: `KernelError` if LAPACK does not converge.
  public func spectralRadius(_ singularValue: Double) throws -> Double {
    let coefficients = characteristicPolynomial(singularValue)
    let n = coefficients.count - 1
    let companion = Matrix(n: n) { $0 == 0 ? -coefficients[$1 + 1] : ($0 == $1 + 1 ? 1 : 0) }
    return try companion.eigenvalues().map {
      ($0.real * $0.real + $0.imaginary * $0.imaginary).squareRoot()
    }.max() ?? 0
  }

  /// The largest spectral radius over several singular values. A singular value of zero has nothing that moves, and is
  /// left out.
  ///
  /// - Throws: `KernelError` if LAPACK does not converge.
  public func spectralRadius(_ singularValues: [Double]) throws -> Double {
    try singularValues.filter { $0 > 1e-12 * (singularValues.max() ?? 0) }.map { try spectralRadius($0) }.max() ?? 1
  }

  /// The polynomials D and N.
  private var factors: (d: [Double], n: [Double]) {
    switch rule.descent {
    case .momentum(0): ([1, -1], [1])
    case .momentum(let b): ([1, -1 - b, b], [1, 0])
    case .optimistic: ([1, -1, 0], [2, -1])
    }
  }

  /// Plain descent with several moves of the first player: the trace and the determinant of the product of the moves,
  /// [[1 - x, t], [0, 1]] `times` times and [[1, 0], [-t, 1 - x]] once.
  private static func turns(_ x: Double, _ t: Double, _ times: Int) -> [Double] {
    let first = Matrix(n: 2, [1 - x, t, 0, 1]).power(times)
    let step = Matrix(n: 2, [1, 0, -t, 1 - x]) * first
    return [1, -(step[0, 0] + step[1, 1]), step[0, 0] * step[1, 1] - step[0, 1] * step[1, 0]]
  }

  private static func product(_ a: [Double], _ b: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: a.count + b.count - 1)
    for (i, x) in a.enumerated() { for (j, y) in b.enumerated() { result[i + j] += x * y } }
    return result
  }

  /// The sum of polynomials; the shorter one lacks the highest powers.
  private static func sum(_ a: [Double], _ b: [Double]) -> [Double] {
    let count = max(a.count, b.count)
    func padded(_ p: [Double]) -> [Double] { [Double](repeating: 0, count: count - p.count) + p }
    return zip(padded(a), padded(b)).map { $0 + $1 }
  }
}
