import CMinimKernels
import MinimKernels
import Testing

@Suite struct RowsTests {
  @Test func gatherTakesRowsAndMarksWrongIndices() throws {
    for table in try tables(Float.self) {
      for columns in [1, 3, 16, 21] {
        var numbers = TestNumbers(1)
        let source: [Float] = numbers.array(4 * columns)
        let index: [Float] = [2, 0, 3, 3, 4, -1, 0.5, .nan, .infinity, -0.0]
        var found = [Float](repeating: 0, count: index.count * columns)
        source.withUnsafeBytes { source in
          index.withUnsafeBytes { index in
            found.withUnsafeMutableBytes { found in
              var call = minim_gather(
                src: source.baseAddress, index: index.baseAddress, dst: found.baseAddress,
                rows: 10, columns: Int64(columns), src_rows: 4)
              table.gather(&call)
            }
          }
        }
        for (i, row) in [2, 0, 3, 3, nil, nil, nil, nil, nil, 0].enumerated() {
          let got = Array(found[i * columns..<(i + 1) * columns])
          if let row {
            #expect(got == Array(source[row * columns..<(row + 1) * columns]))
          } else {
            #expect(got.allSatisfy { $0.isNaN })
          }
        }
      }
    }
  }

  @Test func scatterAddsInOrder() throws {
    for table in try tables(Float.self) {
      for columns in [1, 5, 16, 35] {
        var numbers = TestNumbers(2)
        let index: [Float] = [1, 3, 1, 0, 7, 1, -2, 3, 1, .nan]
        let source: [Float] = numbers.array(index.count * columns)
        var found: [Float] = numbers.array(5 * columns)
        var expected = [Float](repeating: 0, count: 5 * columns)
        for (i, row) in index.enumerated() where row >= 0 && row < 5 {
          for j in 0..<columns { expected[Int(row) * columns + j] += source[i * columns + j] }
        }
        source.withUnsafeBytes { source in
          index.withUnsafeBytes { index in
            found.withUnsafeMutableBytes { found in
              var call = minim_scatter_add(
                src: source.baseAddress, index: index.baseAddress, dst: found.baseAddress,
                rows: 10, columns: Int64(columns), dst_rows: 5)
              table.scatterAdd(&call)
            }
          }
        }
        #expect(bits(found) == bits(expected), "\(table.level) \(columns)")
      }
    }
  }

  @Test func firstMaximumIsOneAPRow() throws {
    let rows: [(row: [Float], first: Int)] = [
      ([1, 3, 3, 2], 1), ([5, 1, 2, 5], 0), ([-1, -2, -3, -1], 0), ([1, .nan, .nan, 9], 1), ([.nan, 1, .nan, 2], 0),
      ([-.infinity, -.infinity, -.infinity, -.infinity], 0), ([0, 0, 0, .infinity], 3), ([-0.0, 0, 0, 0], 0),
    ]
    for table in try tables(Float.self) {
      var mask = [Float](repeating: 9, count: 4 * rows.count)
      rows.flatMap(\.row).withUnsafeBytes { x in
        mask.withUnsafeMutableBytes { mask in
          var call = minim_first_maximum(
            x: x.baseAddress, mask: mask.baseAddress, rows: Int64(rows.count), columns: 4)
          table.firstMaximum(&call)
        }
      }
      #expect(mask == rows.flatMap { row in (0..<4).map { $0 == row.first ? 1 : 0 } })
    }
  }
}
