import MinimAutodiff

/// Normals with any covariance L L^T, one for each example; L is lower triangular with a positive diagonal (Kingma and
/// Welling 2019, "An Introduction to Variational Autoencoders", section 2.5.1). In nats.
///
/// Everything is written out column by column of L, so the expression grows with d: for latents of up to 16 dimensions.
public struct FullNormal: Sendable {
  /// [n, d]
  public let mean: Tensor
  /// [n, d], the logarithm of the diagonal of L.
  public let logDiagonal: Tensor
  /// The elements below the diagonal: column j is [n, d - 1 - j], for j in 0 ..< d - 1.
  private let columns: [Tensor]

  /// - Parameters:
  ///   - mean: [n, d]
  ///   - factor: [n, d (d + 1) / 2]: the logarithm of the diagonal, then the elements below it, column by column. Zeros
  ///     in all but the first d leave a `DiagonalNormal`.
  public init(mean: Tensor, factor: Tensor) {
    let (n, d) = (mean.shape[0], mean.shape[1])
    require(
      factor.shape == [n, d * (d + 1) / 2],
      "a triangular factor for means of shape \(mean.shape) has the shape \([n, d * (d + 1) / 2]), not \(factor.shape)")
    self.mean = mean
    logDiagonal = factor.slice([0, 0], shape: [n, d])
    var start = d
    var columns: [Tensor] = []
    for length in stride(from: d - 1, to: 0, by: -1) {
      columns.append(factor.slice([0, start], shape: [n, length]))
      start += length
    }
    self.columns = columns
  }

  /// Reads an encoder's output, [n, d + d (d + 1) / 2]: the means, then the factor.
  ///
  /// - Parameters:
  ///   - code: [n, d + d (d + 1) / 2].
  ///   - d: the dimensions of a point.
  public init(_ code: Tensor, dimensions d: Int) {
    let n = code.shape[0]
    self.init(
      mean: code.slice([0, 0], shape: [n, d]), factor: code.slice([0, d], shape: [n, code.shape[1] - d]))
  }

  private var count: Int { mean.shape[0] }
  private var dimensions: Int { mean.shape[1] }

  /// log p(x): [n, d] to [n].
  public func logProb(_ x: Tensor) -> Tensor {
    -(square(whitened(x)) * 0.5 + logDiagonal).sumPerExample() - Double(dimensions) * halfLogTwoPi
  }

  /// log p of `sample(noise:)`, [n, d] to [n], without the way back from the point: it loses nothing where the normal is narrower
  /// than the last digit of its mean.
  package func logProb(ofNoise noise: Tensor) -> Tensor {
    -(square(noise) * 0.5 + logDiagonal).sumPerExample() - Double(dimensions) * halfLogTwoPi
  }

  /// (x - mean)^T (L L^T)^-1 (x - mean), the square of Mahalanobis's distance: [n, d] to [n].
  public func squaredDistance(_ x: Tensor) -> Tensor { square(whitened(x)).sumPerExample() }

  /// L^-1 (x - mean) by forward substitution: [n, d] to [n, d].
  private func whitened(_ x: Tensor) -> Tensor {
    let inverseDiagonal = exp(-logDiagonal)
    var rest = x - mean  // [n, d - j]
    var z: [Tensor] = []
    for j in 0..<dimensions {
      let zj = rest.slice([0, 0], shape: [count, 1]) * inverseDiagonal.slice([0, j], shape: [count, 1])
      z.append(zj)
      if j < columns.count { rest = rest.slice([0, 1], shape: columns[j].shape) - columns[j] * zj }
    }
    return concatenate(z, axis: 1)
  }

  /// mean + L noise, [n, d] to [n, d]: a sample if the noise is standard normal, and smooth in the parameters.
  public func sample(noise: Tensor) -> Tensor {
    let onDiagonal = mean + exp(logDiagonal) * noise
    return columns.enumerated().reduce(onDiagonal) { sum, column in
      let (j, below) = column
      return sum + (below * noise.slice([0, j], shape: [count, 1])).pad([0, j + 1], to: mean.shape)
    }
  }

  /// KL(self, N(0, I)): [n].
  public var klToStandard: Tensor {
    let onDiagonal = ((square(mean) + exp(2 * logDiagonal) - 1) * 0.5 - logDiagonal).sumPerExample()
    return columns.reduce(onDiagonal) { $0 + (square($1) * 0.5).sumPerExample() }
  }

  /// The differential entropy: [n].
  public var entropy: Tensor {
    logDiagonal.sumPerExample() + Double(dimensions) * (halfLogTwoPi + 0.5)
  }
}
