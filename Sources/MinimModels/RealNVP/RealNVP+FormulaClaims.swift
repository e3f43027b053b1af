import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// F1d: every value is changed. F7: the noise of whole numbers.

extension RealNVP {
  /// F1d: for random parameters every value of x is a nonlinear function of u. Couplings that all keep the same
  /// values would leave these to the affine maps. None with fewer than two couplings.
  func changeClaims() throws -> [Claim] {
    guard configuration.couplings > 1 else { return [] }
    // Without the change of unit, whose ends have no derivative.
    let maps = (flow as? Chain)?.bijectors.dropLast(unit.bijector == nil ? 0 : 1) ?? []
    let first = maps.first { $0 is AffineCoupling }.map { [$0] } ?? []
    return [
      Claim(
        Claim.Theorem(
          "F1d", "every value is changed by some coupling", formula: #"\forall i: \nabla F_i(u) \ne \nabla F_i(v)"#,
          .identity),
        "values whose derivatives are the same at two points, for random parameters",
        measured: Double(try constantValues(of: Chain(Array(maps)))), .equal, 0, tolerance: 0, samples: dimensions,
        control: .init(
          "the first coupling alone", changed: "the couplings",
          measured: Double(try constantValues(of: Chain(first)))))
    ]
  }

  /// The number of values of x whose derivatives by u are those of another point too.
  private func constantValues(of map: any Bijector) throws -> Int {
    let d = dimensions, key = RandomKey(seed: 0).folding(.evaluation)
    let u = Tensor.input("u", shape: [2, d])
    let x = map.forwardAndLogDet(u).y
    let columns = (0..<d).map { x.slice([0, $0], shape: [2, 1]).sum() }
    let slopes = columns.map { gradient(of: $0, withRespectTo: [u])[0] }
    let vector = (0..<parameters.count).map { 0.2 * key.folding(1).normal(at: UInt64($0)) }
    let points = (0..<UInt64(2 * d)).map { 0.5 * key.folding(2).normal(at: $0) }
    let values = try MinimAutodiff.evaluate(slopes, parameters: vector, inputs: ["u": points])
    return values.count { $0.prefix(d).elementsEqual($0.suffix(d)) }
  }

  /// F7: the noise that makes whole numbers values of a density is uniform on (0, 1). None for other data.
  func noiseClaims(_ trained: Trained) throws -> [Claim] {
    guard levels != nil, let data = trained.data.rows?.first(256) else { return [] }
    let batch = Batch(count: data.count, of: trained.data)
    let noise = (unit.dequantized(batch) - batch.examples).reshape([data.count * dimensions])
    let found = try MinimAutodiff.evaluate(
      [noise], inputs: [Batch.inputName: data.values.map(Double.init)],
      kernels: KernelTable(level: trained.level, precision: .float64), random: (trained.seed, 1, 0))[0]
    func pValue(_ width: Double) -> Double {
      let count = Double(found.count)
      var (sum, squares) = (0.0, 0.0)
      for value in found {
        let off: Double = width * value - 0.5
        (sum, squares) = (sum + off, squares + off * off)
      }
      // The variances of a uniform number and of its squared distance from 1/2 are 1/12 and 1/180.
      let ofMean = sum / count * (12 * count).squareRoot()
      let ofVariance = (squares / count - 1.0 / 12) * (180 * count).squareRoot()
      return min(1, 2 * Statistics.momentTail(max(abs(ofMean), abs(ofVariance)), count: found.count))
    }
    let own = pValue(1)
    return [
      Claim(
        Claim.Theorem(
          "F7", "the noise of whole numbers is uniform between them", formula: #"u \sim \operatorname{Uniform}(0, 1)"#,
          .statistical),
        "p-value of its mean and variance", measured: own, .atLeast, 1e-6, tolerance: 0, pValue: own,
        samples: found.count,
        control: .init("half of it", changed: "the noise", measured: pValue(0.5)))
    ]
  }
}
