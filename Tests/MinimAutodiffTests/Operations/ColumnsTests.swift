import MinimAutodiff
import TestSupport
import Testing

@Suite struct ColumnsTests {
  private static let width = 9
  private static let picks: [[Int]] = [
    [], [4], [3, 4, 5], [0, 2, 4, 6, 8], [1, 3, 5, 7], [8, 7, 6, 5], [2, 0, 7, 3, 8, 1], [1, 4, 7, 8, 5, 2],
    Array(0..<9), [8, 6, 4, 2, 0, 1, 3, 5, 7],
  ]

  @Test("columns by number, and back among the others", arguments: picks, [1, 5])
  func byLoops(_ picked: [Int], _ n: Int) throws {
    let given = values(n * Self.width, seed: 1)
    let x = rows(given, Self.width)
    let others = (0..<Self.width).filter { !picked.contains($0) }
    let input = Tensor.input("x", shape: [n, Self.width])
    let taken = input.columns(picked)
    let joined = interleave([taken, input.columns(others)], columns: [picked, others])
    let adjoint = gradient(
      of: (taken * .constant(2, shape: taken.shape)).sum(), withRespectTo: [input])[0]
    #expect(taken.shape == [n, picked.count] && joined.shape == input.shape)
    for kernels in try everyKernelTable() {
      for fuse in [false, true] {
        let run = try PlannedRun([taken, joined, adjoint], fuse: fuse, kernels: kernels)
        let found = run.run(["x": given.map { Double(Float($0)) }])
        #expect(found[0] == x.flatMap { row in picked.map { Double(Float(row[$0])) } })
        #expect(found[1] == given.map { Double(Float($0)) })
        #expect(found[2] == x.flatMap { _ in (0..<Self.width).map { picked.contains($0) ? 2 : 0 } })
      }
    }
  }

  @Test("columns in a row are a plain slice, and parts in order a concatenation") func plain() {
    func names(_ tensor: Tensor) -> [String] { topologicalOrder([tensor]).map { "\(type(of: $0.operation))" } }
    let x = Tensor.input("x", shape: [2, 6])
    #expect(x.columns([0, 1, 2, 3, 4, 5]) === x)
    #expect(names(x.columns([2, 3])) == ["Input", "Slice"])
    #expect(names(x.columns([3, 2])) == ["Input", "Columns"])
    let halves = [x.columns([0, 1, 2]), x.columns([3, 4, 5])]
    #expect(!names(interleave(halves, columns: [[0, 1, 2], [3, 4, 5]])).contains("Columns"))
    #expect(!names(interleave(halves, columns: [[3, 4, 5], [0, 1, 2]])).contains("Columns"))
    #expect(names(interleave(halves, columns: [[0, 2, 4], [1, 3, 5]])).contains("Columns"))
  }

  @Test("columns in step are one copy") func oneCopy() {
    func copies(_ tensor: Tensor) -> Int {
      Plan(packing: [tensor]).body.reduce(0) { $0 + Self.copies($1.instruction) }
    }
    let x = Tensor.input("x", shape: [8, 30])
    #expect(copies(x.columns((0..<15).map { 2 * $0 })) == 1)
    #expect(copies(x.columns((0..<30).reversed())) == 1)
    // The control: columns that are not cannot be.
    #expect(copies(x.columns([0, 1, 3, 7])) > 1)
  }

  private static func copies(_ instruction: Instruction) -> Int {
    switch instruction {
    case .copy: 1
    case .sequence(let parts): parts.reduce(0) { $0 + copies($1) }
    default: 0
    }
  }
}
