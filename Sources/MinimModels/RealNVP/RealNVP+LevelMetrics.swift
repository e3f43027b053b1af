import MinimAutodiff
import MinimData
import MinimNN

extension RealNVP {
  /// The costs of whole numbers: upper bounds, by several draws of the noise for each example; in Double. Nil if the data are
  /// not whole numbers.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  func levelCosts(_ trained: Trained) throws -> LevelCosts? {
    guard let levels else { return nil }
    let (chunk, draws) = (64, 16)
    let loss = -logProb(unit.dequantized(Batch(count: chunk, exampleShape: exampleShape), .evaluation))
    let evaluator = try BatchEvaluator([[loss]], chunk: chunk, trained.inDouble())
    return LevelCosts(levels: levels, trained, "\(draws) draws of noise for each of") { data in
      let sums = evaluator.gather(data.count) { range, worker, sums in
        worker.input()?.write(ArraySlice(range), of: data)
        for draw in 0..<draws {
          worker.setRandom(seed: trained.seed, step: UInt64(draw), firstExample: range.lowerBound)
          let values = worker.run()
          for index in sums.indices { sums[index] += values[index] }
        }
      }
      return sums.map { $0 / Double(draws) }
    }
  }
}
