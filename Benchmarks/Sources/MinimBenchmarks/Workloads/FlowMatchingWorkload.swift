import Minim

extension Workload {
  /// Flow matching on straight paths (Lipman et al. 2023, "Flow Matching for Generative Modeling"): x 2; a net of x_t and of
  /// sines and cosines of pi k t, k = 1 to 4, 10-64-64-64-2 SiLU; the squared error of x1 - x0; batches of 256 of 2,000 rows.
  static let flowMatching: Workload = {
    let layers: [(inputs: Int, outputs: Int)] = [(10, 64), (64, 64), (64, 64), (64, 2)]
    let scope = ParameterScope()
    let net = layers.enumerated().map { Linear(scope.scope("net.\($0)"), inputs: $1.inputs, outputs: $1.outputs) }
    @Sendable func normals(_ count: Int) -> Tensor { .normal(shape: [count, 2], purpose: .model) }
    @Sendable func times(_ count: Int) -> Tensor { .uniform(shape: [count, 1], purpose: .model, stream: 1) }
    return Workload(
      name: "flowmatching", examples: 256, shards: 2, optimizer: Adam(), rate: 1e-3, parameters: scope.layout,
      data: Dataset(name: "bell-shaped", exampleShape: [2], values: bellShaped(2000 * 2, seed: 4), entropy: nil),
      noise: { [concatenate([normals($0), times($0)], axis: 1)] }
    ) { batch in
      let (x0, x1, t) = (normals(batch.count), batch.examples, times(batch.count))
      let x = (1 - t) * x0 + t * x1
      let angles = t * .constant((1...4).map { Double.pi * Double($0) }, shape: [1, 4])
      let inputs = concatenate([x, sin(angles), cos(angles)], axis: 1)
      let v = net.dropFirst().reduce(net[0](inputs)) { h, layer in layer(silu(h)) }
      return Objective("squaredError", square(v - (x1 - x0)).sum(axes: [1]).mean())
    }
  }()
}
