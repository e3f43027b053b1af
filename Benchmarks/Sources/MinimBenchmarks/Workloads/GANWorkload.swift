import Minim

extension Workload {
  /// The bilinear game V = d^T M g with M 16x16: the critic d ascends, the generator g descends, both at once.
  static let gan: Workload = {
    let n = 16
    let scope = ParameterScope()
    let critic = scope.parameter("critic", shape: [n], .fanIn(n))
    let generator = scope.parameter("generator", shape: [n], .fanIn(n))
    // Small: the players spiral outwards, and must not overflow.
    let matrix = bellShaped(n * n, seed: 6).map { $0 / 64 }
    return Workload(
      name: "gan", examples: 1, shards: 1, optimizer: SGD(), rate: 0.01, parameters: scope.layout, data: nil,
      constants: [("matrix", [n, n], matrix)]
    ) { _ in
      let m = Tensor.constant(matrix.map(Double.init), shape: [n, n])
      let mg = matmul(m, generator.reshape([n, 1])).reshape([n])
      let value = (critic * mg).sum()
      return Objective(
        "value", value,
        players: [
          .init("critic", minimizing: -value, by: [critic]), .init("generator", minimizing: value, by: [generator]),
        ])
    }
  }()
}
