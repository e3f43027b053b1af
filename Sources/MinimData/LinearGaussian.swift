import MinimConfiguration
import MinimKernels

/// x = W z + b + e with z ~ N(0, I) and e ~ N(0, variance I): probabilistic principal components (Tipping and Bishop
/// 1999). It is also the decoder of the VAE that has a closed form for every quantity, `LinearGaussianTheory`.
public struct LinearGaussian: Sendable {
  /// W, [inputs, latent].
  public let weights: Matrix
  /// b, [inputs].
  public let bias: [Double]
  /// The variance of the noise on each input.
  public let variance: Double
  /// The number of rows of a sample.
  public let rows: Int
  /// Whether the data are a few rows with exactly the model's moments instead of a sample.
  public let isExact: Bool

  /// The most inputs and latents that a config may ask for.
  public static let maximalInputs = 64, maximalLatents = 16

  /// The default model of a config: four inputs, and two latents whose posterior is correlated.
  public static let example = LinearGaussian(
    weights: [[1, 0.8], [0.5, 0.9], [-0.3, 0.4], [0.7, 0.2]], bias: [0.1, -0.2, 0.3, 0], variance: 0.25)

  /// - Parameters:
  ///   - weights: W, [inputs, latent].
  ///   - bias: b, [inputs].
  ///   - variance: the variance of the noise on each input; positive.
  ///   - rows: the number of rows of a sample.
  ///   - exact: whether the data are rows with exactly the model's moments instead of a sample.
  public init(weights: Matrix, bias: [Double], variance: Double, rows: Int = 2000, exact: Bool = false) {
    precondition(weights.rows == bias.count, "the weights need one row per bias")
    precondition(weights.rows > 0 && weights.columns > 0, "the weights are empty")
    precondition(variance > 0, "the noise has a positive variance, not \(variance)")
    self.weights = weights
    self.bias = bias
    self.variance = variance
    self.rows = rows
    isExact = exact
  }

  /// Reads the section "data" of a config.
  public init(_ section: ConfigurationSection) {
    let example = Self.example
    let inputs = section.integer("inputs", default: 4, in: 1...Self.maximalInputs, "Values per row.")
    let latent = section.integer("latent", default: 2, in: 1...Self.maximalLatents, "Hidden causes per row.")
    let weights = section.numbers(
      "weights", default: example.weights.values, in: -1000...1000,
      "The matrix from latents to inputs, input by input.")
    let bias = section.numbers("bias", default: example.bias, in: -1000...1000, "The mean of each input.")
    let variance = section.number(
      "variance", default: example.variance, in: 1e-6...1e6, "The variance of the noise on each input.")
    let rows = section.integer("rows", default: 2000, in: 1...1_000_000, "Rows of a sample.")
    let exact = section.boolean(
      "exact", default: false, "Two rows per input with exactly the model's mean and covariance, instead of a sample.")
    func check(_ key: String, _ found: Int, _ expected: Int, _ what: String) -> Bool {
      if found != expected { section.report(key, "expected \(expected) numbers, \(what), got \(found)") }
      return found == expected
    }
    let areRight = [
      check("weights", weights.count, inputs * latent, "\(latent) for each of \(inputs) inputs"),
      check("bias", bias.count, inputs, "one for each input"),
    ]
    let isRight = !areRight.contains(false)
    self.init(
      weights: isRight ? Matrix(inputs, latent, weights) : example.weights,
      bias: isRight ? bias : example.bias, variance: variance, rows: rows, exact: exact)
  }

  /// The number of values per row.
  public var inputs: Int { bias.count }
  /// The number of hidden causes.
  public var latent: Int { weights.columns }

  /// W W^T + variance I, [inputs, inputs].
  public var covariance: Matrix {
    Matrix(inputs, inputs) { dot(weights.row($0), weights.row($1)) + ($0 == $1 ? variance : 0) }
  }

  /// The largest variance of any direction divided by the variance of the noise: the condition number of the
  /// covariance, at most. Its logarithm is the number of digits that closed forms lose.
  public var condition: Double {
    1 + weights.allRows.reduce(0) { $0 + dot($1, $1) } / variance
  }

  /// The data that the configuration asks for: a sample, or rows with exactly the model's moments.
  public func dataset(key: RandomKey) -> Dataset { isExact ? sigmaPoints() : dataset(rows: rows, key: key) }

  /// Independent rows: row i is a function of the key and i alone.
  public func dataset(rows: Int, key: RandomKey) -> Dataset {
    let deviation = variance.squareRoot()
    return Dataset(name: "linear Gaussian, \(inputs) inputs, \(latent) latents", inputs: inputs, rows: rows, key: key) {
      let (z, noise) = ($0.normals(0..<latent), $0.normals(latent..<latent + inputs))
      return zip(weights * z, bias).enumerated().map { $1.0 + $1.1 + deviation * noise[$0] }
    }
  }

  /// 2 n rows whose mean and covariance (divided by their number) are those of the model: b +- sqrt(n) L e_i for each
  /// of the n columns of L, where L L^T is the covariance (the sigma points of Julier and Uhlmann 1997). On these an
  /// objective that is quadratic in x has no sampling error at all.
  public func sigmaPoints() -> Dataset {
    guard let factor = Cholesky(covariance)?.factor else {
      // W W^T has no negative eigenvalue, and the variance is positive: no config can cause this.
      preconditionFailure("a variance was added to the diagonal, so the covariance is positive definite")
    }
    let scale = Double(inputs).squareRoot()
    let values = (0..<inputs).flatMap { column in
      [scale, -scale].flatMap { scale in (0..<inputs).map { Float(bias[$0] + scale * factor[$0, column]) } }
    }
    return Dataset(
      name: "linear Gaussian, \(inputs) inputs, \(latent) latents, exact moments", exampleShape: [inputs],
      values: values)
  }
}
