import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// V7: the loss of an example in plain loops.

extension VAE {
  /// V7: the loss that training minimizes is the negative bound, computed in plain loops from the outputs of both nets: by
  /// definition log mean exp of log p(x | z) + log p(z) - log q(z) over the draws z of q, or, with one draw, log p(x | z) less
  /// the KL in closed form (Kingma and Welling 2014, appendix B; Burda, Grosse and Salakhutdinov 2016, equation 8). None if
  /// the expectation is not by draws.
  func lossClaims(_ data: Dataset, _ trained: Trained) throws -> [Claim] {
    guard configuration.expectation == .sampled, configuration.freeBits == 0 else { return [] }
    let rows = data.first(Self.rowsOfLoss)
    let (n, k, d) = (rows.count, configuration.samples, configuration.latent)
    let batch = Batch(count: n, of: trained.data)
    guard let losses = losses(batch) else { return [] }
    let q = posterior(batch.examples)
    // [n, k, d], [n, k, inputs]
    let noise = Tensor.normal(shape: k == 1 ? [n, d] : [n, k, d], purpose: .model).reshape([n, k, d])
    let z = noise * exp(q.logStandardDeviation.reshape([n, 1, d])) + q.mean.reshape([n, 1, d])
    let outputs = decode(z.reshape([n * k, d]))
    let x = scaling.normalized(batch.examples.reshape([n, inputs]))
    let values = try MinimAutodiff.evaluate(
      [losses, q.mean, q.logStandardDeviation, noise, outputs, x, standardDeviation],
      parameters: try trained.inDouble().parameters.values,
      inputs: [Batch.inputName: rows.values.map(Double.init)],
      kernels: KernelTable(level: trained.level, precision: .float64), random: (trained.seed, 1, 0))
    let formula = LossFormula(
      model: self, mean: values[1], logDeviation: values[2], noise: values[3], outputs: values[4], x: values[5],
      deviation: values[6][0])
    func difference(_ loss: (Int) -> Double) -> Double {
      values[0].indices.reduce(0) { max($0, abs(values[0][$1] - loss($1)) / max(1, abs(values[0][$1]))) }
    }
    return [
      Claim(
        Claim.Theorem("V7", "the loss of an example is its bound by the formula", .identity),
        "largest relative difference of \(n) examples, in plain loops", measured: difference { formula.loss(of: $0) },
        .equal, 0, tolerance: 1e-9, samples: n,
        control: .init(
          "without the prior", changed: "the formula", measured: difference { formula.loss(of: $0, hasPrior: false) },
          cannotFailIf: "the likelihood is so sharp that the prior is less than its last digits"))
    ]
  }

  private static let rowsOfLoss = 16
}

/// The loss of examples in plain loops, from the outputs of the nets.
private struct LossFormula {
  let model: VAE
  /// [n, d], [n, d], [n, k, d], [n k, inputs], [n, inputs]
  let mean: [Double], logDeviation: [Double], noise: [Double], outputs: [Double], x: [Double]
  let deviation: Double

  private static let halfLogTwoPi = 0.5 * Elementary.log(2 * .pi)

  /// log p(x | z) of a draw, in nats and in the unit of the data.
  private func logLikelihood(_ row: Int, _ draw: Int) -> Double {
    let inputs = model.inputs, k = model.configuration.samples
    return (0..<inputs).reduce(-model.scaling.logDeterminant) { sum, i in
      let (value, output) = (x[row * inputs + i], outputs[(row * k + draw) * inputs + i])
      if model.configuration.likelihood == .bernoulli {
        // log p of a 1 is -log(1 + exp(-output)).
        return sum - Elementary.softplus(value > 0.5 ? -output : output)
      }
      let distance = (value - output) / deviation
      return sum - distance * distance / 2 - Elementary.log(deviation) - Self.halfLogTwoPi
    }
  }

  /// The loss of an example, with or without the prior.
  func loss(of row: Int, hasPrior: Bool = true) -> Double {
    let (d, k) = (model.configuration.latent, model.configuration.samples)
    let own = row * d..<(row + 1) * d
    guard k > 1 else {
      let kl = own.reduce(0) { sum, i in
        let square = mean[i] * mean[i] + Elementary.exp(2 * logDeviation[i])
        return sum + (hasPrior ? square / 2 : 0) - 0.5 - logDeviation[i]
      }
      return model.configuration.beta * kl - logLikelihood(row, 0)
    }
    let logWeights = (0..<k).map { draw in
      own.reduce(logLikelihood(row, draw)) { sum, i in
        let e = noise[(row * k + draw) * d + i - own.lowerBound]
        let z = mean[i] + Elementary.exp(logDeviation[i]) * e
        // Both densities have the same constant.
        return sum - (hasPrior ? z * z / 2 : 0) + e * e / 2 + logDeviation[i]
      }
    }
    let most = logWeights.max() ?? 0
    let sum = logWeights.reduce(0) { $0 + Elementary.exp($1 - most) }
    return -(most + Elementary.log(sum / Double(k)))
  }
}
