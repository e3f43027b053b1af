import MinimAutodiff
import TestSupport
import Testing

@Suite struct GatherTests {
  private let x = Tensor.input("x", shape: [3, 2])
  private let index = Tensor.input("i", shape: [4])
  private let given: [Double] = [1, 2, 3, 4, 5, 6]

  @Test("rows in the order of the index, repeated ones too")
  func gather() throws {
    #expect(try evaluate([x.gather(index)], inputs: ["x": given, "i": [2, 0, 2, 1]]) == [[5, 6, 1, 2, 5, 6, 3, 4]])
  }

  @Test("an index that is no row gives NaN")
  func outside() throws {
    let found = try evaluate([x.gather(index)], inputs: ["x": given, "i": [3, -1, 0, .nan]])[0]
    #expect(found[0..<4].allSatisfy(\.isNaN) && found[6...].allSatisfy(\.isNaN))
    #expect(found[4..<6] == [1, 2])
  }

  @Test("rows are added in order, so that rounding is that of a loop; an index that is no row is left out")
  func scatterAdd() throws {
    let y = Tensor.input("y", shape: [4, 1])
    let found = try evaluate([y.scatterAdd(index, rows: 2)], inputs: ["y": [1, 1e16, -1e16, 7], "i": [1, 1, 1, 5]])[0]
    #expect(found == [0, (1 + 1e16) + -1e16])
    #expect(found[1] != 1)  // the order shows: exact arithmetic would give 1
  }

  @Test("scalars by index, tensors of rank 3, and no rows at all")
  func shapes() throws {
    let line = Tensor.input("x", shape: [3])
    #expect(try evaluate([line.gather(index)], inputs: ["x": [7, 8, 9], "i": [2, 2, 0, 1]]) == [[9, 9, 7, 8]])
    let cube = Tensor.input("x", shape: [2, 1, 3])
    #expect(try evaluate([cube.gather(.constant([1], shape: [1]))], inputs: ["x": given]) == [[4, 5, 6]])
    let none = Tensor.input("i", shape: [0])
    #expect(try evaluate([x.gather(none)], inputs: ["x": given, "i": []]) == [[]])
    let nothing = Tensor.input("n", shape: [0, 2])
    #expect(try evaluate([nothing.scatterAdd(none, rows: 2)], inputs: ["n": [], "i": []]) == [[0, 0, 0, 0]])
  }
}
