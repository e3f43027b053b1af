import Minim

/// What a benchmark trains: a model's objective, its data, and the step's options. The twins in `peers/` compute the same.
struct Workload: Sendable {
  let name: String
  /// Examples of a batch, and the shards that it is cut into.
  let examples: Int, shards: Int
  let optimizer: any Optimizer
  let rate: Double
  let parameters: ParameterLayout
  /// The rows that batches are drawn from; nil if the objective has no data.
  let data: Dataset?
  /// How a batch is drawn.
  var drawing = BatchOrder.Drawing.independent
  /// The numbers that the objective draws for a batch of a given size, each [examples, ...].
  var noise: @Sendable (Int) -> [Tensor] = { _ in [] }
  /// Constants of the objective that its twins need.
  var constants: [(name: String, shape: [Int], values: [Float])] = []
  let objective: @Sendable (Batch) -> Objective

  /// The extents of one example.
  var exampleShape: [Int] { data?.exampleShape ?? [] }

  /// The workloads, each made where it is asked for.
  enum Name: String, CaseIterable, Codable, Sendable {
    case pixelcnn, mlp, vae, realnvp, simsiam, gan, svi
    case flowMatching = "flowmatching"

    var workload: Workload {
      switch self {
      case .pixelcnn: .pixelcnn
      case .mlp: .mlp
      case .vae: .vae
      case .realnvp: .realnvp
      case .simsiam: .simsiam
      case .gan: .gan
      case .svi: .svi
      case .flowMatching: .flowMatching
      }
    }
  }
}

/// Deterministic data: sums of four uniform numbers, of mean 0 and variance 1, by SplitMix64 (Steele, Lea and Flood 2014).
func bellShaped(_ count: Int, seed: UInt64) -> [Float] {
  var state = seed
  return (0..<count).map { _ in
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    z ^= z >> 31
    let sum = (z & 0xffff) + (z >> 16 & 0xffff) + (z >> 32 & 0xffff) + (z >> 48)
    return (Float(sum) / 65536 - 2) * Float(3).squareRoot()
  }
}
