import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

extension VAE {
  /// The draws per example in one run of the plan: whole periods of a proposal.
  private static let block = 10 * ImportanceProposal.period

  /// log p(x) of each row by importance sampling, in Double. A draw is a function of the seed, the row's place and the
  /// draw's number.
  ///
  /// - Parameters:
  ///   - data: the rows.
  ///   - codes: a normal q for each row as `FullNormal` reads it, of up to 16 dimensions: means, logarithms of the
  ///     diagonal of the factor, and the elements below it.
  ///   - proposal: the distribution to draw from, given q.
  ///   - draws: the number of draws per row, rounded up to a multiple of 200.
  ///   - trained: the parameters, and all that is needed to compute with them.
  /// - Throws: `KernelError` if there is not enough memory.
  public func importanceEstimates(
    _ data: Dataset, codes: [[Double]], _ proposal: ImportanceProposal = .mixture, draws: Int = 2000, _ trained: Trained
  ) throws -> [ImportanceEstimate] {
    precondition(codes.count == data.count, "there are \(codes.count) normals for \(data.count) rows")
    let block = Self.block
    let chunk = min(8, data.count)
    let parts = proposal.parts(dimensions: configuration.latent)
    let x = Batch(count: chunk, exampleShape: exampleShape).examples
    let code = Tensor.input(NormalCode.inputName, shape: [chunk, NormalCode.width(configuration.latent)])
    let evaluator = try BatchEvaluator(
      [[logWeights(x, code: code, parts)]], chunk: chunk, trained.inDouble())
    return evaluator.mapExamples(data.count) { range, worker in
      worker.input()?.write(ArraySlice(range), of: data)
      worker.input(named: NormalCode.inputName)?.write(codes[range])
      var logWeights = [[Double]](repeating: [], count: range.count)
      for number in 0..<(draws + block - 1) / block {
        worker.setRandom(seed: trained.seed, step: UInt64(number), firstExample: range.lowerBound)
        let values = worker.run()
        for slot in 0..<range.count { logWeights[slot] += (0..<block).map { values[slot * block + $0] } }
      }
      return logWeights.map { ImportanceEstimate(strata: strata($0, parts)) }
    }
  }

  /// log p(x, z) - log proposal(z) in nats, [n, block], of draws z of the proposal.
  private func logWeights(_ x: Tensor, code: Tensor, _ parts: [ImportanceProposal.Part]) -> Tensor {
    let (n, d, block) = (x.shape[0], configuration.latent, Self.block)
    /// One number per draw of an example, [n block, 1].
    func column(_ value: (ImportanceProposal.Part) -> Double) -> Tensor {
      Tensor.constant(parts.places(block).map { value(parts[$0]) }, shape: [1, block, 1])
        .broadcast(to: [n, block, 1]).reshape([n * block, 1])
    }
    let noise = Tensor.normal(shape: [n, block, d], purpose: .evaluation)
      .reshape([n * block, d])
    let q = FullNormal(code.repeatingRows(block), dimensions: d)
    let prior = DiagonalNormal.standard(shape: noise.shape)
    let isPrior = column { $0.factor == nil ? 1 : 0 }
    let z = (1 - isPrior) * q.sample(noise: noise * column { $0.factor ?? 0 }) + isPrior * noise
    let (logQ, distance, logPrior) = (q.logProb(z), q.squaredDistance(z), prior.logProb(z))
    let terms = parts.map { part in
      let share = Elementary.log(Double(part.share) / Double(ImportanceProposal.period))
      guard let c = part.factor else { return logPrior + share }
      // Wider by c: the distance counts less, and the volume is c^d of what it was.
      let volume = Double(d) * Elementary.log(c)
      return logQ + distance * (0.5 - 0.5 / (c * c)) + (share - volume)
    }
    let logProposal = concatenate(terms.map { $0.reshape([n * block, 1]) }, axis: 1).logSumExp()
    let logJoint = logLikelihood(x.repeatingRows(block), decode(z)) + logPrior
    return (logJoint - logProposal).reshape([n, block])
  }

  /// The draws of each part.
  private func strata(_ logWeights: [Double], _ parts: [ImportanceProposal.Part]) -> [[Double]] {
    let places = parts.places(logWeights.count)
    return parts.indices.map { part in logWeights.indices.filter { places[$0] == part }.map { logWeights[$0] } }
  }
}
