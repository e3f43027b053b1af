import MinimAutodiff
import MinimFiles
import TestSupport
import Testing

/// The net of the golden numbers in one dimension: v = W2 tanh(W1 [x, sin(pi t), cos(pi t)] + b1) + b2.
struct GoldenNet {
  private let first: Tensor, second: Tensor, firstBias: Tensor, secondBias: Tensor

  init() throws {
    let net = try #require(goldenField["cfm_identity"]["net"])
    first = .constant(try #require(net["W1"]?.matrix).flatMap { $0 }, shape: [3, 3])
    second = .constant(try #require(net["W2"]?.matrix).flatMap { $0 }, shape: [3, 1])
    firstBias = .constant(try #require(net["b1"]?.numbers), shape: [3])
    secondBias = .constant(try #require(net["b2"]?.numbers), shape: [1])
  }

  func velocity(_ x: Tensor, _ t: Tensor) -> Tensor {
    let inputs = concatenate([x, sin(t * Double.pi), cos(t * Double.pi)], axis: 1)
    return matmul(tanh(matmul(inputs, first) + firstBias), second) + secondBias
  }
}
