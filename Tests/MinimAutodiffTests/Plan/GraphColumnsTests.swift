import MinimAutodiff
import MinimKernels
import TestSupport
import Testing

/// Columns are numbered by what they hold, so that where each of a result comes from can be read off its values.
@Suite struct GraphColumnsTests {
  private let x = Tensor.input("x", shape: [2, 4])
  private let y = Tensor.input("y", shape: [2, 3])
  private let given: [String: [Double]] = [
    "x": [0, 1, 2, 3, 10, 11, 12, 13], "y": [4, 5, 6, 14, 15, 16],
  ]

  /// The first row of the value, and how many operations the plan has.
  private func planned(_ value: Tensor) throws -> (row: [Double], operations: [String]) {
    let run = try PlannedRun([value], kernels: .current(.float64))
    return (Array(run.run(given)[0].prefix(value.shape[1])), run.plan.body.map(\.operations))
  }

  @Test("what is put together and taken apart again is not moved")
  func roundTrips() throws {
    let joined = concatenate([x, y], axis: 1)
    let (row, operations) = try planned(square(joined.slice([0, 4], shape: [2, 3])))
    #expect(row == [16, 25, 36])
    #expect(operations == ["square [2, 3]"])

    let parted = interleave([x.columns([0, 2]), x.columns([1, 3])], columns: [[0, 2], [1, 3]])
    let (again, none) = try planned(square(parted))
    #expect(again == [0, 1, 4, 9])
    #expect(none == ["square [2, 4]"])
  }

  @Test("columns of moved columns are moved once, from where they come from")
  func chains() throws {
    let moved = interleave([x.columns([3, 0]), y.columns([2, 1])], columns: [[1, 2], [0, 3]])
    let (row, operations) = try planned(moved.columns([3, 1, 0]))
    #expect(row == [5, 3, 6])
    #expect(operations.count == 1)

    // Columns of a concatenation that begin in one part and end in the next.
    let (across, one) = try planned(concatenate([x, y], axis: 1).slice([0, 2], shape: [2, 4]))
    #expect(across == [2, 3, 4, 5])
    #expect(one.count == 1)

    // The same columns twice.
    let (twice, _) = try planned(
      concatenate([concatenate([x, y], axis: 1).slice([0, 0], shape: [2, 4]), x], axis: 1))
    #expect(twice == [0, 1, 2, 3, 0, 1, 2, 3])
  }

  @Test("matrices with zeros where the others have columns are put together and not added")
  func disjointSums() throws {
    let left = x.slice([0, 2], shape: [2, 2]).pad([0, 0], to: [2, 5])
    let right = y.pad([0, 2], to: [2, 5])
    let (row, operations) = try planned(left + right)
    #expect(row == [2, 3, 4, 5, 6])
    #expect(!operations.contains { $0.hasPrefix("add") })

    // Columns that overlap are added.
    let (sum, added) = try planned(left + y.pad([0, 1], to: [2, 5]))
    #expect(sum == [2, 7, 5, 6, 0])
    #expect(added.contains { $0.hasPrefix("add") })
  }

  @Test("gradients through couplings are those of the products with masks")
  func gradientsOfCouplings() throws {
    let masked = Tensor.constant([1, 0, 1, 0], shape: [1, 4])
    func loss(_ kept: (Tensor) -> Tensor, _ join: (Tensor, Tensor) -> Tensor) -> [Tensor] {
      let value = square(join(kept(x), square(x))).sum()
      return [value] + gradient(of: value, withRespectTo: [x])
    }
    let byColumns = loss({ $0.columns([0, 2]) }) { a, b in
      interleave([a, b.columns([1, 3])], columns: [[0, 2], [1, 3]])
    }
    let byMasks = loss({ $0 * masked }) { a, b in a + b * (1 - masked) }
    let found = try [byColumns, byMasks].map { try PlannedRun($0, kernels: .current(.float64)).run(given) }
    #expect(found[0] == found[1])
  }
}
