import Foundation
import MinimAutodiff
import MinimConfiguration
import MinimFiles
import MinimNN
import TestSupport
import Testing

/// A flow of two couplings with given weights, u to x, whose log-dets were computed from the full Jacobian by other means.
@Suite struct RealNVPGoldenTests {
  private static let golden = Golden["flow", "realnvp_4d"]

  private static func numbers(_ value: JSON?) throws -> [Double] { try #require(value?.numbers) }

  /// W of the file is [outputs, inputs]: transposed, at a place in a matrix of zeros.
  private static func placed(_ value: JSON?, at row: Int, _ column: Int, in matrix: inout [[Double]]) throws {
    for (output, weights) in try #require(value?.matrix).enumerated() {
      for (input, weight) in weights.enumerated() { matrix[row + input][column + output] = weight }
    }
  }

  /// The nets of s and of t are one net whose second layer has two blocks.
  private static func coupling(_ layer: JSON, _ mask: CouplingMask) throws -> AffineCoupling {
    var first = [[Double]](repeating: [Double](repeating: 0, count: 6), count: 2)
    var second = [[Double]](repeating: [Double](repeating: 0, count: 4), count: 6)
    try placed(layer["S1"], at: 0, 0, in: &first)
    try placed(layer["T1"], at: 0, 3, in: &first)
    try placed(layer["S2"], at: 0, 0, in: &second)
    try placed(layer["T2"], at: 3, 2, in: &second)
    func linear(_ weight: [[Double]], _ s: String, _ t: String) throws -> Linear {
      let bias = try numbers(layer[s]) + numbers(layer[t])
      return Linear(
        weight: .constant(weight.flatMap { $0 }, shape: [weight.count, bias.count]),
        bias: .constant(bias, shape: [bias.count]))
    }
    let net = MultilayerPerceptron([try linear(first, "sb1", "tb1"), try linear(second, "sb2", "tb2")], .tanh)
    return AffineCoupling(mask, net: net)
  }

  private static func couplings() throws -> [AffineCoupling] {
    let layers = try #require(golden["layers"]?.array)
    try #require(layers.count == 2)
    return [try coupling(layers[0], .half(4)), try coupling(layers[1], .half(4).complement)]
  }

  private static let base = DiagonalNormal.standard(shape: [1, 4])

  @Test("x, log-det and log density of each point") func points() throws {
    let flow = Chain(try Self.couplings())
    let points = try #require(Self.golden["points"]?.array)
    #expect(points.count == 3)
    for point in points {
      let u = Tensor.constant(try Self.numbers(point["u"]), shape: [1, 4])
      let expected = try Self.numbers(point["x"])
      let logDet = try #require(point["logdet_JF"]?.number)
      let density = try #require(point["log_density_x"]?.number)
      let found = flow.forwardAndLogDet(u)
      #expect(try distance(valuesOf(found.y), expected) < 1e-12)
      #expect(try distance(valuesOf(found.logDet), [logDet]) < 1e-12)
      #expect(try distance(valuesOf(Self.base.logProb(u) - found.logDet), [density]) < 1e-12)
      // Back from the file's x, of fifteen digits.
      let back = flow.inverseAndLogDet(.constant(expected, shape: [1, 4]))
      #expect(try distance(valuesOf(back.x), valuesOf(u)) < 1e-12)
      #expect(try distance(valuesOf(Self.base.logProb(back.x) + back.logDet), [density]) < 1e-12)
      // The control: the couplings in the other order.
      let exchanged = Chain(try Self.couplings().reversed()).forwardAndLogDet(u)
      #expect(try distance(valuesOf(exchanged.logDet), [logDet]) > 1e-3)
    }
  }

  @Test("the inverse at a point that is no image of the others") func inverse() throws {
    let example = try #require(Self.golden["inverse_example"])
    let x = Tensor.constant(try Self.numbers(example["x"]), shape: [1, 4])
    let (u, logDet) = Chain(try Self.couplings()).inverseAndLogDet(x)
    #expect(try distance(valuesOf(u), Self.numbers(example["u"])) < 1e-12)
    #expect(try distance(valuesOf(logDet), [example["logdet_JFinv"]?.number ?? .nan]) < 1e-12)
    let density = Self.base.logProb(u) + logDet
    #expect(try distance(valuesOf(density), [example["log_density_x"]?.number ?? .nan]) < 1e-12)
  }

  /// The density of a flow of the plane integrates to 1.
  @Test func mass() throws {
    let (flow, vector) = try BijectorCase("plane", 2) { scope in
      Chain([
        AffineCoupling(scope.scope("0"), .half(2), hidden: [8], .tanh),
        AffineCoupling(scope.scope("1"), .half(2).complement, hidden: [8], .tanh),
        Affine(scope.scope("2"), dimensions: 2),
      ])
    }.make(seed: 60)
    let grid = Grid(dimensions: 2, radius: 16, perAxis: 500)
    let (u, logDet) = flow.forwardAndLogDet(grid.tensor)
    let base = DiagonalNormal.standard(shape: u.shape).logProb(u)
    let found = try evaluate([base + logDet, base - logDet], parameters: vector.values)
    #expect(abs(grid.integral(found[0].map { exp($0) }) - 1) < 1e-6)
    // The control: the log-det with the other sign.
    #expect(abs(grid.integral(found[1].map { exp($0) }) - 1) > 1e-2)
  }
}
