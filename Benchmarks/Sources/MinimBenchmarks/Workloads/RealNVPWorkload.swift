import Minim

extension Workload {
  /// A RealNVP (Dinh, Sohl-Dickstein and Bengio 2017) of 2-D points by forward KL: 8 affine couplings with alternating masks,
  /// s and t from one MLP 2-64-64-4 tanh, s through tanh; standard normal base; batches of 256.
  static let realnvp: Workload = {
    let dimensions = 2
    let scope = ParameterScope()
    let nets = (0..<8).map {
      MultilayerPerceptron(scope.scope("couplings.\($0)"), widths: [dimensions, 64, 64, 2 * dimensions], .tanh)
    }
    return Workload(
      name: "realnvp", examples: 256, shards: 8, optimizer: Adam(), rate: 1e-3, parameters: scope.layout,
      data: Dataset(
        name: "bell-shaped", exampleShape: [dimensions], values: bellShaped(4096 * dimensions, seed: 4), entropy: nil)
    ) { batch in
      var x = batch.examples
      var logDet = Tensor.constant(0, shape: [batch.count])
      for (depth, net) in nets.enumerated() {
        let keeps = Tensor.constant(depth % 2 == 0 ? [1, 0] : [0, 1], shape: [dimensions])
        let changes = 1 - keeps
        let code = net(x * keeps)
        let s = tanh(code.slice([0, 0], shape: [batch.count, dimensions])) * changes
        let t = code.slice([0, dimensions], shape: [batch.count, dimensions]) * changes
        x = x * exp(s) + t
        logDet = logDet + s.sum(axes: [1])
      }
      let base = (square(x) * 0.5).sum(axes: [1]) + gaussianConstant(dimensions)
      return Objective("nll", (base - logDet).mean())
    }
  }()
}
