import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The cost of a chain of denoising steps with the best denoiser of a mixture of normals, between two values of log SNR that all
/// chains share (Kingma, Salimans, Poole and Ho 2021, "Variational Diffusion Models", section 4):
///
///     prior + reconstruction + 1/2 sum_i (SNR_(i-1) - SNR_i) mmse(SNR_i)
///
/// a sum of the right ends of a decreasing function, so that it falls under every refinement. One or two dimensions.
package struct DiffusionChain: Sendable {
  private let mixture: GaussianMixture
  /// log SNR of the ends of the most steps, from the data on, and E |x1 - E[x1 given z]|^2 there.
  private let levels: [Double], errors: [Double]

  /// Creates the chains of up to `most` steps.
  ///
  /// - Parameters:
  ///   - path: a path that preserves the variance.
  ///   - mixture: the data.
  ///   - ends: log SNR next to the data and next to the noise.
  ///   - most: the most steps, a power of 2.
  ///   - trained: the threads and kernels to compute with.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    _ path: ProbabilityPath, _ mixture: GaussianMixture, ends: (Double, Double) = (6, -6), steps most: Int,
    _ trained: Trained
  ) throws {
    self.mixture = mixture
    let noisy = try NoisyMixture(path, mixture, trained) { [divergence(of: $0.posterior.data, $0.z)] }
    levels = (0...most).map { ends.0 + (ends.1 - ends.0) * Double($0) / Double(most) }
    errors = levels.map { level in
      let t = path.time(ofLogSNR: level), factors = path.factors(t)
      return noisy.means(at: t).values[0] * factors.sigma * factors.sigma / factors.alpha
    }
  }

  /// The cost of a chain; nats.
  ///
  /// - Parameters:
  ///   - steps: the number of steps, a divisor of the most.
  ///   - ofCleanerEnds: whether each step has the error of its cleaner end, which is wrong.
  package func cost(_ steps: Int, ofCleanerEnds: Bool = false) -> Double {
    let d = Double(mixture.dimensions), stride = (levels.count - 1) / steps, last = levels[levels.count - 1]
    let square: Double = mixture.mean.indices.reduce(0) {
      $0 + mixture.covariance[$1][$1] + mixture.mean[$1] * mixture.mean[$1]
    }
    let (signal, noise) = (Elementary.sigmoid(last), Elementary.sigmoid(-last))
    let prior: Double = 0.5 * (signal * square + d * (noise - 1 - Elementary.log(noise)))
    let reconstruction: Double = d * (halfLogTwoPi - levels[0] / 2 + 0.5)
    let sum = (1...steps).reduce(0.0) { sum, step in
      let (before, here) = ((step - 1) * stride, step * stride)
      let gain: Double = Elementary.exp(levels[before]) - Elementary.exp(levels[here])
      return sum + 0.5 * gain * errors[ofCleanerEnds ? before : here]
    }
    return prior + reconstruction + sum
  }
}
