import CMinimKernels
import MinimKernels
import Testing

private struct Reduction<E: KernelElement> {
  var kept: [Int], keptStride: [Int], reduced: [Int], reducedStride: [Int]
  var max = false, scale = 1.0

  func run(_ x: [E], _ table: KernelTable) -> [E] {
    var y = [E](repeating: 42, count: kept.reduce(1, *))
    x.withUnsafeBytes { x in
      y.withUnsafeMutableBytes { y in
        var r = minim_reduce()
        (r.x, r.y) = (x.baseAddress, y.baseAddress)
        r.reduction = Int32((max ? MINIM_MAX : MINIM_SUM).rawValue)
        (r.kept, r.reduced) = (Int32(kept.count), Int32(reduced.count))
        (r.kept_extent, r.kept_stride) = (six(kept), six(keptStride))
        (r.reduced_extent, r.reduced_stride) = (six(reduced), six(reducedStride))
        r.scale = scale
        table.reduce(&r)
      }
    }
    return y
  }

  private func combine(_ a: E, _ b: E) -> E { max ? (a.isNaN || a >= b ? a : b) : a + b }

  func reference(_ x: [E]) -> [E] {
    indices(kept).map { at in
      let base = offset(at, keptStride)
      let empty: E = max ? -.infinity : 0
      guard reducedStride.last == 1, let inner = reduced.last else {
        return indices(reduced).reduce(empty) { combine($0, x[base + offset($1, reducedStride)]) } * E(scale)
      }
      var sixteen = [E](repeating: empty, count: 16)
      for outer in indices(Array(reduced.dropLast())) {
        for p in 0..<inner {
          sixteen[p % 16] = combine(sixteen[p % 16], x[base + offset(outer + [p], reducedStride)])
        }
      }
      return tree(sixteen, combine) * E(scale)
    }
  }
}

@Suite struct ReduceTests {
  private static func cases<E: KernelElement>(_ type: E.Type) -> [Reduction<E>] {
    [
      .init(kept: [], keptStride: [], reduced: [1000], reducedStride: [1]),
      .init(kept: [], keptStride: [], reduced: [5, 7, 33], reducedStride: [231, 33, 1]),
      .init(kept: [40], keptStride: [32], reduced: [32], reducedStride: [1]),
      .init(kept: [9], keptStride: [3], reduced: [3], reducedStride: [1]),
      .init(kept: [32], keptStride: [1], reduced: [25, 6], reducedStride: [192, 32]),
      .init(kept: [75], keptStride: [1], reduced: [13], reducedStride: [75]),
      .init(kept: [3, 5], keptStride: [50, 1], reduced: [10], reducedStride: [5]),
      .init(kept: [4], keptStride: [7], reduced: [6], reducedStride: [28]),
      .init(kept: [2, 3], keptStride: [3, 1], reduced: [], reducedStride: []),
      .init(kept: [], keptStride: [], reduced: [], reducedStride: []),
      .init(kept: [4], keptStride: [1], reduced: [0], reducedStride: [4]),
      .init(kept: [0], keptStride: [1], reduced: [4], reducedStride: [1]),
      .init(kept: [3], keptStride: [0], reduced: [17], reducedStride: [1], scale: 1.0 / 17),
    ]
  }

  @Test func orderIsTheDocumentedOne() throws {
    func check<E: KernelElement>(_ type: E.Type) throws {
      var numbers = TestNumbers(23)
      let x: [E] = numbers.array(6000)
      for table in try tables(type) {
        for var reduction in Self.cases(type) {
          for max in [false, true] {
            reduction.max = max
            #expect(
              bits(reduction.run(x, table)) == bits(reduction.reference(x)), "\(table.level) \(type) \(reduction)")
          }
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func maximumKeepsNaNAndNegativeNumbers() throws {
    for table in try tables(Float.self) {
      for count in [1, 5, 17, 40] {
        var x = (0..<count).map { -1 - Float($0) }
        let reduction = Reduction<Float>(kept: [], keptStride: [], reduced: [count], reducedStride: [1], max: true)
        #expect(reduction.run(x, table) == [-1])
        for i in 0..<count {
          x[i] = .nan
          #expect(reduction.run(x, table)[0].isNaN, "\(table.level) \(count) \(i)")
          x[i] = -1 - Float(i)
        }
      }
    }
  }
}
