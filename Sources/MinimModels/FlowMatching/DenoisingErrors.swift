import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The errors of the best denoiser of a mixture of normals at single points, and what they say about its density. The variance is
/// preserved: alpha^2 = sigmoid(log SNR). One or two dimensions.
package struct DenoisingErrors: Sendable {
  private let mixture: GaussianMixture

  /// Creates the errors of the denoiser of a mixture.
  package init(_ mixture: GaussianMixture) { self.mixture = mixture }

  /// E |x - E[X given alpha x + sigma x0]|^2 over x0, by a grid, for each point and log SNR.
  ///
  /// - Parameters:
  ///   - side: the number of nodes along each value, from -6.4 to 6.4.
  ///   - trained: the threads and kernels to compute with.
  /// - Returns: [points, log SNR], row-major.
  /// - Throws: `KernelError` if there is not enough memory.
  package func errors(
    _ points: [[Double]], _ logSNRs: [Double], side: Int = 32, _ trained: Trained
  ) throws -> [Double] {
    let d = mixture.dimensions, step = 12.8 / Double(side)
    let nodes = (0..<side).map { (Double($0) + 0.5 - Double(side) / 2) * step }
    let grid = (0..<d).reduce([[Double]()]) { rows, _ in rows.flatMap { row in nodes.map { row + [$0] } } }
    let weights = grid.map { row in
      row.reduce(1.0) { $0 * step * Elementary.exp(-$1 * $1 / 2 - halfLogTwoPi) }
    }
    let noise = Tensor.constant(grid.flatMap { $0 }, shape: [grid.count, d])
    let x = Tensor.input("x", shape: [1, d]).broadcast(to: [grid.count, d])
    let alpha = Tensor.input("alpha", shape: [1, 1]).broadcast(to: [grid.count, 1])
    let sigma = Tensor.input("sigma", shape: [1, 1]).broadcast(to: [grid.count, 1])
    let guess = MarginalField(.angle, mixture).posterior(alpha * x + sigma * noise, alpha: alpha, sigma: sigma).data
    let error = (square(x - guess).sum(axes: [1]) * .constant(weights, shape: [grid.count])).sum()
    let evaluator = try BatchEvaluator([[error]], chunk: 1, trained)
    return evaluator.gather(points.count * logSNRs.count) { range, worker, results in
      let (point, l) = (points[range.lowerBound / logSNRs.count], logSNRs[range.lowerBound % logSNRs.count])
      let input = worker.input(named: "x")
      for (index, value) in point.enumerated() { input?[index] = value }
      worker.input(named: "alpha")?[0] = Elementary.sigmoid(l).squareRoot()
      worker.input(named: "sigma")?[0] = Elementary.sigmoid(-l).squareRoot()
      results[0] = worker.run()[0]
    }
  }

  /// -log p(x) = d/2 log(2 pi e) - 1/2 int [d / (1 + SNR) - mmse(x, SNR)] d SNR of points, by a sum over log SNR in equal steps
  /// (Kong, Brekelmans and Ver Steeg 2023, "Information-Theoretic Diffusion"); nats.
  ///
  /// - Parameters:
  ///   - errors: those of `errors`, [points, log SNR].
  ///   - baseline: what SNR is added to; 1 in the theorem.
  package func negativeLogProbs(_ errors: [Double], _ logSNRs: [Double], baseline: Double = 1) -> [Double] {
    let d = Double(mixture.dimensions), step = logSNRs[1] - logSNRs[0]
    return stride(from: 0, to: errors.count, by: logSNRs.count).map { start in
      let integral = logSNRs.indices.reduce(0.0) { sum, node in
        let snr = Elementary.exp(logSNRs[node])
        return sum + step * snr * (d / (baseline + snr) - errors[start + node])
      }
      return d * (halfLogTwoPi + 0.5) - integral / 2
    }
  }
}
