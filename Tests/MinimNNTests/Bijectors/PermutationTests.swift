import MinimAutodiff
import MinimNN
import Testing

@Suite struct PermutationTests {
  @Test func order() throws {
    let x = Tensor.constant([1, 2, 3, 4, 5, 6, 7, 8], shape: [2, 4])
    let permutation = Permutation([2, 0, 3, 1])
    #expect(try valuesOf(permutation.forwardAndLogDet(x).y) == [3, 1, 4, 2, 7, 5, 8, 6])
    #expect(try valuesOf(permutation.inverseAndLogDet(x).x) == [2, 4, 1, 3, 6, 8, 5, 7])
    #expect(try valuesOf(Permutation.reversal(4).forwardAndLogDet(x).y) == [4, 3, 2, 1, 8, 7, 6, 5])
    #expect(try valuesOf(permutation.forwardAndLogDet(x).logDet) == [0, 0])
  }
}
