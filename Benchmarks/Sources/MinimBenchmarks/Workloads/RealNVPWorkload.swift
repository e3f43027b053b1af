import Minim

extension Workload {
  /// A RealNVP (Dinh, Sohl-Dickstein and Bengio 2017) of 2-D points by forward KL: 8 affine couplings that keep one column
  /// and change the other, in turns; s and t from one MLP 1-64-64-2 tanh, s through tanh; standard normal base; batches of
  /// 256.
  static let realnvp: Workload = {
    let dimensions = 2
    let scope = ParameterScope()
    let mask = CouplingMask.alternating(dimensions)
    let couplings = (0..<8).map { depth in
      // Not from zeros as a flow would start: the twins shall find every gradient different from 0.
      AffineCoupling(
        depth % 2 == 0 ? mask : mask.complement,
        net: MultilayerPerceptron(scope.scope("couplings.\(depth)"), widths: [1, 64, 64, 2], .tanh),
        range: .constant(1, shape: [1]))
    }
    return Workload(
      name: "realnvp", examples: 256, shards: 2, optimizer: Adam(), rate: 1e-3, parameters: scope.layout,
      data: Dataset(
        name: "bell-shaped", exampleShape: [dimensions], values: bellShaped(4096 * dimensions, seed: 4), entropy: nil)
    ) { batch in
      let (z, logDet) = Chain(couplings).forwardAndLogDet(batch.examples)
      let base = (square(z) * 0.5).sum(axes: [1]) + gaussianConstant(dimensions)
      return Objective("nll", (base - logDet).mean())
    }
  }()
}
