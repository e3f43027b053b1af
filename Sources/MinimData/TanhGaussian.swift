import MinimConfiguration
import MinimKernels

/// A curved surface with noise: z ~ N(0, I) of two dimensions, x ~ N(V2 tanh(V1 z + c1) + c2, sigma^2 I) of three. Two
/// latents are few enough to integrate over, so log p(x) is known to any number of digits.
public struct TanhGaussian: Sendable {
  /// V1: [hidden][latent], and c1: [hidden].
  public static let innerWeights: Matrix = [[1.2, -0.7], [0.4, 1.5], [-0.9, 0.3]], innerBias = [0.1, -0.3, 0.2]
  /// V2: [inputs][hidden], and c2: [inputs].
  public static let outerWeights: Matrix = [[1.0, -0.5, 0.8], [0.3, 1.1, -0.6], [-0.7, 0.2, 1.3]],
    outerBias = [0.0, 0.1, -0.1]
  /// The number of values per row, and of hidden causes.
  public static let inputs = 3, latent = 2

  /// The standard deviation of the noise on each input.
  public let sigma: Double
  /// The number of rows of a sample.
  public let rows: Int

  /// - Parameters:
  ///   - sigma: positive.
  ///   - rows: the number of rows of a sample.
  public init(sigma: Double = 0.3, rows: Int = 2000) {
    precondition(sigma > 0, "the noise has a positive deviation, not \(sigma)")
    self.sigma = sigma
    self.rows = rows
  }

  /// Reads the section "data" of a config.
  public init(_ section: ConfigurationSection) {
    self.init(
      sigma: section.number(
        "sigma", default: 0.3, in: 1e-3...1e3, "The standard deviation of the noise on each input."),
      rows: section.integer("rows", default: 2000, in: 1...1_000_000, "Rows of the sample."))
  }

  /// The mean of x given z: [latent] to [inputs].
  public func decode(_ z: [Double]) -> [Double] {
    let hidden = zip(Self.innerWeights * z, Self.innerBias).map { Elementary.tanh($0 + $1) }
    return zip(Self.outerWeights * hidden, Self.outerBias).map { $0 + $1 }
  }

  /// log p(x, z), in nats.
  public func logJoint(_ x: [Double], _ z: [Double]) -> Double {
    let residual = zip(x, decode(z)).map { ($0 - $1) / sigma }
    let constants = Double(x.count + z.count) * LinearGaussianTheory.logTwoPi / 2
    return -(dot(z, z) + dot(residual, residual)) / 2 - Double(x.count) * Elementary.log(sigma) - constants
  }

  /// The sample that the configuration asks for.
  public func dataset(key: RandomKey) -> Dataset { dataset(rows: rows, key: key) }

  /// Independent rows: row i is a function of the key and i alone.
  public func dataset(rows: Int, key: RandomKey) -> Dataset {
    Dataset(name: "tanh Gaussian, sigma \(sigma)", inputs: Self.inputs, rows: rows, key: key) {
      let (z, noise) = ($0.normals(0..<Self.latent), $0.normals(Self.latent..<Self.latent + Self.inputs))
      return zip(decode(z), noise).map { $0 + sigma * $1 }
    }
  }
}
