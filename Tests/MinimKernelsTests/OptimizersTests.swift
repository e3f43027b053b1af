import CMinimKernels
import MinimKernels
import Testing

@Suite struct OptimizersTests {
  private static let counts = [0, 1, 7, 16, 53]

  @Test func adamIsItsFormula() throws {
    func check<E: KernelElement>(_ type: E.Type, tolerance: Double) throws {
      for table in try tables(type) {
        for count in Self.counts {
          var numbers = TestNumbers(41)
          var p: [E] = numbers.array(count), m: [E] = numbers.array(count)
          var v = numbers.array(count, type).map { $0 * $0 }
          let g: [E] = numbers.array(count)
          let expected = (0..<count).map { i -> [Double] in
            let gradient = 0.5 * Double(g[i])
            let first = 0.9 * Double(m[i]) + 0.1 * gradient
            let second = 0.99 * Double(v[i]) + 0.01 * gradient * gradient
            let direction = first * 2 / ((second * 3).squareRoot() + 1e-3) + 0.1 * Double(p[i])
            return [Double(p[i]) - 0.01 * direction, first, second]
          }
          p.withUnsafeMutableBytes { p in
            m.withUnsafeMutableBytes { m in
              v.withUnsafeMutableBytes { v in
                g.withUnsafeBytes { g in
                  var call = minim_adam(
                    parameters: p.baseAddress, first_moment: m.baseAddress, second_moment: v.baseAddress,
                    gradient: g.baseAddress, count: Int64(count), rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-3,
                    first_correction: 2, second_correction: 3, weight_decay: 0.1, gradient_scale: 0.5, shared: 0)
                  table.adam(&call)
                }
              }
            }
          }
          for i in 0..<count {
            for (found, truth) in zip([p[i], m[i], v[i]], expected[i]) {
              #expect(abs(Double(found) - truth) <= tolerance)
            }
          }
        }
      }
    }
    try check(Float.self, tolerance: 3e-7)
    try check(Double.self, tolerance: 1e-15)
  }

  @Test func sgdIsItsFormula() throws {
    for table in try tables(Double.self) {
      for count in Self.counts {
        for (heavy, nesterov) in [(false, false), (true, false), (true, true)] {
          var numbers = TestNumbers(43)
          var p: [Double] = numbers.array(count), u: [Double] = numbers.array(count)
          let g: [Double] = numbers.array(count)
          let gradient = (0..<count).map { 2 * g[$0] + 0.1 * p[$0] }
          let update = (0..<count).map { heavy ? 0.9 * u[$0] + gradient[$0] : gradient[$0] }
          let expected = (0..<count).map { i in
            let direction = nesterov ? gradient[i] + 0.9 * update[i] : update[i]
            return p[i] - 0.05 * direction
          }
          p.withUnsafeMutableBytes { p in
            u.withUnsafeMutableBytes { u in
              g.withUnsafeBytes { g in
                var call = minim_sgd(
                  parameters: p.baseAddress, velocity: heavy ? u.baseAddress : nil, gradient: g.baseAddress,
                  count: Int64(count), rate: 0.05, momentum: 0.9, weight_decay: 0.1, gradient_scale: 2,
                  nesterov: nesterov ? 1 : 0, shared: 0)
                table.sgd(&call)
              }
            }
          }
          #expect(zip(p, expected).allSatisfy { abs($0 - $1) < 1e-15 })
          if heavy { #expect(zip(u, update).allSatisfy { abs($0 - $1) < 1e-15 }) }
        }
      }
    }
  }

  @Test func averageIsItsFormula() throws {
    func check<E: KernelElement>(_ type: E.Type) throws {
      for table in try tables(type) {
        for count in Self.counts + [200] {
          for weight in [0.001, 1.0 / 3, 1] {
            var numbers = TestNumbers(53)
            let values: [E] = numbers.array(count), start: [E] = numbers.array(count)
            let expected = (0..<count).map {
              multiplyAdd(E(weight), values[$0] - start[$0], start[$0], table.level)
            }
            var average = start + [9]
            average.withUnsafeMutableBytes { average in
              values.withUnsafeBytes { values in
                var call = minim_average(
                  average: average.baseAddress, values: values.baseAddress, count: Int64(count), weight: weight)
                table.average(&call)
              }
            }
            #expect(bits(average) == bits(expected + [9]), "\(table.level) \(type) \(count)")
          }
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func weightedSums() throws {
    func check<E: KernelElement>(_ type: E.Type) throws {
      for table in try tables(type) {
        for count in Self.counts + [200] {
          var numbers = TestNumbers(47)
          let a: [E] = numbers.array(count), b: [E] = numbers.array(count)
          for (second, squares) in [(true, true), (true, false), (false, true), (false, false)] {
            let expected = (0..<count).map { i in
              second ? multiplyAdd(E(1.0 / 3), b[i], E(0.3) * a[i], table.level) : E(0.3) * a[i]
            }
            var sixteen = [Double](repeating: 0, count: 16)
            for (i, value) in expected.enumerated() {
              sixteen[i % 16] = multiplyAdd(Double(value), Double(value), sixteen[i % 16], table.level)
            }
            for inPlace in [false, true] {
              var y = inPlace ? a + [9] : [E](repeating: 9, count: count + 1)
              var square = -1.0
              a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                  y.withUnsafeMutableBufferPointer { y in
                    var call = minim_weighted_sum(
                      a: inPlace ? UnsafePointer(y.baseAddress) : a.baseAddress, b: second ? b.baseAddress : nil,
                      y: y.baseAddress, count: Int64(count), a_weight: 0.3, b_weight: 1.0 / 3, squares: squares ? 1 : 0,
                      square: -1)
                    table.weightedSum(&call)
                    square = call.square
                  }
                }
              }
              #expect(bits(y) == bits(expected + [9]), "\(table.level) \(type) \(count)")
              #expect(square == (squares ? tree(sixteen, +) : -1))
            }
          }
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }
}
