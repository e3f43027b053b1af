import MinimAutodiff
import MinimNN
import TestSupport
import Testing

/// Nets whose layers normalize, by a batch and by given statistics, against plain loops.
@Suite struct NormalizedNetTests {
  private static func vector(_ scope: ParameterScope) throws -> ParameterVector {
    let vector = try ParameterVector(scope.layout, precision: .float64)
    for (index, entry) in scope.layout.entries.enumerated() {
      vector[entry] = values(entry.shape.elementCount, seed: UInt64(index + 1)).map { $0 + 0.1 }
    }
    return vector
  }

  private static func normalized(_ rows: [[Double]], scale: [Double]?, shift: [Double]?) -> [[Double]] {
    let found = moments(rows)
    return rows.map { row in
      row.indices.map { j in
        let normal = (row[j] - found.mean[j]) / (found.covariance[j][j] + 1e-5).squareRoot()
        return normal * (scale?[j] ?? 1) + (shift?[j] ?? 0)
      }
    }
  }

  @Test("a perceptron with and without normalization", arguments: [(true, true), (true, false), (false, false)])
  func perceptron(_ isNormalized: Bool, _ normalizesOutputs: Bool) throws {
    let (scope, widths) = (ParameterScope(), [3, 5, 2])
    let net = NormalizedPerceptron(
      scope, widths: widths, isNormalized: isNormalized, normalizesOutputs: normalizesOutputs)
    let vector = try Self.vector(scope)
    func parameter(_ path: String) -> [Double]? {
      vector.layout.entries.first { $0.path == path }.map { vector[$0] }
    }
    let x = values(7 * 3, seed: 9)
    var h = rows(x, 3)
    for layer in 0..<2 {
      let weight = rows(try #require(parameter("\(layer).weight")), widths[layer + 1])
      let bias = try #require(parameter("\(layer).bias"))
      h = h.map { row in
        bias.indices.map { o in row.indices.reduce(bias[o]) { $0 + row[$1] * weight[$1][o] } }
      }
      if layer == 0 ? isNormalized : normalizesOutputs {
        h = Self.normalized(h, scale: parameter("\(layer).norm.scale"), shift: parameter("\(layer).norm.shift"))
      }
      if layer == 0 { h = h.map { $0.map { max(0, $0) } } }
    }
    var statistics = NormStatistics.ofBatch
    let y = net(.input("x", shape: [7, 3]), &statistics)
    #expect(statistics.used.count == (isNormalized ? 1 : 0) + (normalizesOutputs ? 1 : 0))
    #expect(parameter("1.norm.scale") == nil)
    let found = try evaluate([y], parameters: vector.values, inputs: ["x": x])[0]
    #expect(distance(found, h.flatMap { $0 }) < 1e-12)

    // By those of that batch a single example comes out as within it.
    let constants = try statistics.used.map { used in
      let numbers = try evaluate([used.mean, used.variance], parameters: vector.values, inputs: ["x": x])
      return BatchNorm.Statistics(
        mean: .constant(numbers[0], shape: used.mean.shape), variance: .constant(numbers[1], shape: used.mean.shape))
    }
    var given = NormStatistics(constants)
    let alone = net(.input("x", shape: [1, 3]), &given)
    let last = try evaluate([alone], parameters: vector.values, inputs: ["x": Array(x.suffix(3))])[0]
    #expect(distance(last, Array(found.suffix(2))) < 1e-12)
  }

  @Test("convolutions, means of four pixels and a linear layer") func convolutions() throws {
    let scope = ParameterScope()
    let net = NormalizedConvolutions(
      scope, shape: [4, 6, 1], channels: [2, 3], outputs: 2, isNormalized: true, normalizesOutputs: true)
    let vector = try Self.vector(scope)
    func parameter(_ path: String) throws -> [Double] {
      vector[try #require(vector.layout.entries.first { $0.path == path })]
    }
    let count = 5
    let x = values(count * 24, seed: 9)
    var (images, height, width, inputs) = (x, 4, 6, 1)
    for (layer, outputs) in [2, 3].enumerated() {
      let (weight, bias) = (try parameter("\(layer).weight"), try parameter("\(layer).bias"))
      var y = [Double](repeating: 0, count: count * height * width * outputs)
      for n in 0..<count {
        for row in 0..<height {
          for column in 0..<width {
            for o in 0..<outputs {
              var sum = bias[o]
              for (tap, place) in (-1...1).flatMap({ r in (-1...1).map { (r, $0) } }).enumerated() {
                let (r, c) = (row + place.0, column + place.1)
                guard (0..<height).contains(r), (0..<width).contains(c) else { continue }
                for i in 0..<inputs {
                  sum += images[((n * height + r) * width + c) * inputs + i] * weight[(tap * inputs + i) * outputs + o]
                }
              }
              y[((n * height + row) * width + column) * outputs + o] = sum
            }
          }
        }
      }
      let normal = Self.normalized(
        rows(y, outputs), scale: try parameter("\(layer).norm.scale"), shift: try parameter("\(layer).norm.shift")
      ).flatMap { $0 }.map { max(0, $0) }
      guard height % 2 == 0, width % 2 == 0 else {
        (images, inputs) = (normal, outputs)
        continue
      }
      images = (0..<count * (height / 2) * (width / 2) * outputs).map { index in
        let (o, place) = (index % outputs, index / outputs)
        let (column, row) = (place % (width / 2) * 2, place / (width / 2) % (height / 2) * 2)
        let n = place / (width / 2 * (height / 2))
        return [(0, 0), (0, 1), (1, 0), (1, 1)].reduce(0) { sum, at in
          sum + normal[((n * height + row + at.0) * width + column + at.1) * outputs + o] / 4
        }
      }
      (height, width, inputs) = (height / 2, width / 2, outputs)
    }
    // The second convolution is of 2x3 pixels, which are not halved.
    #expect((height, width, inputs) == (2, 3, 3))
    let (weight, bias) = (rows(try parameter("last.0.weight"), 2), try parameter("last.0.bias"))
    let linear = rows(images, 18).map { row in
      bias.indices.map { o in row.indices.reduce(bias[o]) { $0 + row[$1] * weight[$1][o] } }
    }
    var statistics = NormStatistics.ofBatch
    let y = net(.input("x", shape: [count, 4, 6, 1]), &statistics)
    #expect(statistics.used.count == 3)
    let found = try evaluate([y], parameters: vector.values, inputs: ["x": x])[0]
    #expect(distance(rows(found, 2), Self.normalized(linear, scale: nil, shift: nil)) < 1e-11)
  }
}
