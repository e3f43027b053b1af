import CMinimKernels
import MinimKernels
import Testing

@Suite struct CopyTests {
  @Test func everyElementArrives() throws {
    func check<E: KernelElement>(_ type: E.Type) throws {
      // extent, destination stride, source stride
      let cases: [([Int], [Int], [Int])] = [
        ([], [], []), ([5], [1], [1]), ([600], [1], [1]), ([7], [3], [2]), ([9], [1], [0]),
        ([1, 6, 1], [9, 1, 9], [4, 1, 4]),
        ([20, 37], [37, 1], [1, 20]), ([64, 48], [48, 1], [1, 64]), ([3, 4, 5], [20, 5, 1], [20, 5, 1]),
        ([3, 4, 5], [1, 3, 12], [20, 5, 1]), ([6, 10, 8], [80, 8, 1], [8, 48, 1]), ([5, 17], [17, 1], [1, 0]),
        ([5, 17], [17, 1], [0, 1]), ([0, 4], [4, 1], [4, 1]), ([4, 0], [1, 4], [1, 4]),
        ([2, 3, 2, 3, 2, 3], [108, 36, 18, 6, 3, 1], [1, 2, 6, 12, 36, 72]),
        ([33, 2, 19], [38, 19, 1], [1, 33, 66]), ([2, 20, 20], [400, 20, 1], [400, 1, 20]), ([10], [1], [-1]),
      ]
      var numbers = TestNumbers(31)
      let source: [E] = numbers.array(4000)
      for table in try tables(type) {
        for (extent, to, from) in cases {
          let base = from.contains { $0 < 0 } ? 1000 : 0
          var expected = [E](repeating: 7, count: 4000), found = expected
          for i in indices(extent) { expected[offset(i, to)] = source[base + offset(i, from)] }
          source.withUnsafeBytes { source in
            found.withUnsafeMutableBytes { found in
              var call = minim_copy()
              call.src = source.baseAddress.map { $0 + base * MemoryLayout<E>.stride }
              call.dst = found.baseAddress
              call.rank = Int32(extent.count)
              (call.extent, call.dst_stride, call.src_stride) = (six(extent), six(to), six(from))
              table.copy(&call)
            }
          }
          #expect(found == expected, "\(table.level) \(type) \(extent) \(to) \(from)")
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func fillWritesItsCountAndNoMore() throws {
    for table in try tables(Float.self) {
      for count in [0, 1, 15, 16, 17, 100] {
        var x = [Float](repeating: 1, count: count + 3)
        x.withUnsafeMutableBytes { x in
          var call = minim_fill(dst: x.baseAddress, count: Int64(count), value: 2.5)
          table.fill(&call)
        }
        #expect(x == Array(repeating: 2.5, count: count) + [1, 1, 1])
      }
    }
  }
}
