import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// Draws of the data and of noise, and times, for claims: the same for every seed.
struct FieldDraws {
  /// [count, d] each.
  let data: [Double], noise: [Double]
  /// Uniform on [0, 1].
  let times: [Double]
  let count: Int, dimensions: Int

  /// Creates draws from their parts.
  init(data: [Double], noise: [Double], times: [Double], dimensions: Int) {
    (self.data, self.noise, self.times, self.dimensions) = (data, noise, times, dimensions)
    count = times.count
  }

  /// Draws from a density.
  init(of density: any KnownDensity, _ count: Int) {
    let key = RandomKey(seed: 0).folding(.evaluation), d = density.dimensions
    let (rows, noise, times) = (key.folding(0), key.folding(1), key.folding(2))
    self.init(
      data: (0..<UInt64(count)).flatMap { density.draw(rows.folding($0)) },
      noise: (0..<UInt64(count * d)).map { noise.normal(at: $0) },
      times: (0..<UInt64(count)).map { times.uniform(at: $0) }, dimensions: d)
  }

  /// The noise of the draw after each.
  var otherNoise: [Double] { Array(noise.dropFirst(dimensions) + noise.prefix(dimensions)) }

  /// The points of draws on their ways, [count, d].
  func points(_ path: ProbabilityPath, at times: [Double]) -> [Double] {
    data.indices.map { index in
      let factors = path.factors(times[index / dimensions])
      return factors.alpha * data[index] + factors.sigma * noise[index]
    }
  }
}

/// The expressions of a batch of draws: the point on the way, the time, and the velocity given both ends.
struct DrawnBatch {
  let x: Tensor, t: Tensor
  /// alpha' x1 + sigma' x0, and the same with the noise of another draw.
  let target: Tensor, otherTarget: Tensor
  private let dimensions: Int

  init(_ count: Int, _ d: Int, _ path: ProbabilityPath) {
    dimensions = d
    let data = Tensor.input("data", shape: [count, d]), noise = Tensor.input("noise", shape: [count, d])
    let other = Tensor.input("other", shape: [count, d])
    t = Tensor.input("t", shape: [count, 1])
    let factors = path.factors(t)
    x = factors.alpha * data + factors.sigma * noise
    target = factors.alphaRate * data + factors.sigmaRate * noise
    otherTarget = factors.alphaRate * data + factors.sigmaRate * other
  }

  /// Writes some of the draws.
  func write(
    _ range: Range<Int>, of draws: FieldDraws, _ times: [Double], to worker: BatchEvaluator.Worker
  ) {
    let d = dimensions
    for (name, values) in [("data", draws.data), ("noise", draws.noise)] {
      let input = worker.input(named: name)
      for index in 0..<range.count * d { input?[index] = values[range.lowerBound * d + index] }
    }
    let (t, other) = (worker.input(named: "t"), worker.input(named: "other"))
    for index in 0..<range.count { t?[index] = times[range.lowerBound + index] }
    for index in 0..<range.count * d {
      other?[index] = draws.noise[((range.lowerBound + 1) * d + index) % draws.noise.count]
    }
  }
}
