import Foundation
import MinimAutodiff
import MinimKernels
import MinimNN
import TestSupport
import Testing

@Suite struct MultilayerPerceptronTests {
  /// Layer after layer by plain loops.
  @Test(
    "linear layers with activations between them", arguments: [[3, 2], [3, 5, 2], [3, 5, 4, 2]], Activation.allCases)
  func byLoops(_ widths: [Int], _ activation: Activation) throws {
    let scope = ParameterScope()
    let net = MultilayerPerceptron(scope.scope("net"), widths: widths, activation)
    let vector = try ParameterVector(scope.layout, precision: .float64)
    vector.initialize(seed: 3)
    let names = widths.indices.dropLast().flatMap { ["net.\($0).weight", "net.\($0).bias"] }
    #expect(vector.layout.entries.map(\.path) == names)

    let x = values(4 * 3, seed: 6).map { 2 * $0 }
    var h = rows(x, 3)
    for layer in 0..<widths.count - 1 {
      let weight = rows(vector[vector.layout.entries[2 * layer]], widths[layer + 1])
      let bias = vector[vector.layout.entries[2 * layer + 1]]
      let isLast = layer == widths.count - 2
      h = h.map { row in
        (0..<widths[layer + 1]).map { o in
          let sum = row.indices.reduce(bias[o]) { $0 + row[$1] * weight[$1][o] }
          return isLast ? sum : activation == .relu ? max(0, sum) : tanh(sum)
        }
      }
    }
    func found(_ input: Tensor) throws -> [Double] {
      try evaluate(
        [net(input)], parameters: vector.values, inputs: ["x": x],
        kernels: KernelTable(level: .preferred, precision: .float64))[0]
    }
    #expect(distance(try found(.input("x", shape: [4, 3])), h.flatMap { $0 }) < 1e-14)
    #expect(distance(try found(.input("x", shape: [2, 2, 3])), h.flatMap { $0 }) < 1e-14)
    // The control: an activation after the last layer would leave nothing below 0, or beyond 1.
    if activation == .relu { #expect(h.contains { $0.contains { $0 < 0 } }) }
  }
}
