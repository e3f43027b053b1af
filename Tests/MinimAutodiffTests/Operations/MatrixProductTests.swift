import MinimAutodiff
import TestSupport
import Testing

@Suite struct MatrixProductTests {
  @Test("products of all shapes, the empty ones included, against three loops")
  func products() throws {
    for (m, n, k) in [
      (1, 1, 1), (0, 3, 2), (3, 0, 2), (3, 2, 0), (1, 17, 5), (7, 1, 33), (13, 19, 8), (4, 64, 3), (65, 5, 2),
    ] {
      let (a, b) = (values(m * k, seed: 1), values(k * n, seed: 2))
      let product = indices([m, n]).map { ij in (0..<k).reduce(0.0) { $0 + a[ij[0] * k + $1] * b[$1 * n + ij[1]] } }
      let transposed = indices([k, m]).map { a[$0[1] * k + $0[0]] }
      let (x, w, xT) = (
        Tensor.input("a", shape: [m, k]), Tensor.input("b", shape: [k, n]), Tensor.input("aT", shape: [k, m])
      )
      let found = try evaluate(
        [matmul(x, w), matmul(xT, w, transposingA: true), relu(matmul(x, w) + 0.1)],
        inputs: ["a": a, "b": b, "aT": transposed])
      #expect(distance(found[0], product) < 1e-14, "\(m)x\(n)x\(k)")
      #expect(found[1] == found[0], "\(m)x\(n)x\(k) transposed")
      #expect(distance(found[2], product.map { max(0, $0 + 0.1) }) < 1e-14)
    }
  }

  @Test("a sum of products: one of them carries the sum, neither is lost")
  func sumOfProducts() throws {
    let a = Tensor.input("a", shape: [2, 3])
    let b = Tensor.input("b", shape: [3, 4])
    let c = Tensor.input("c", shape: [2, 5])
    let d = Tensor.input("d", shape: [5, 4])
    let inputs = [
      "a": values(6, seed: 1), "b": values(12, seed: 2), "c": values(10, seed: 3), "d": values(20, seed: 4),
    ]
    let sums = [
      matmul(a, b) + matmul(c, d), matmul(c, d) + matmul(a, b), relu(matmul(a, b) + relu(matmul(c, d))),
      (matmul(a, b) + matmul(c, d)) + matmul(a, -b),
    ]
    let parts = try evaluate([matmul(a, b), matmul(c, d)], inputs: inputs)
    let sum = zip(parts[0], parts[1]).map { $0 + $1 }
    for tensor in sums.indices {
      let expected =
        switch tensor {
        case 2: zip(parts[0], parts[1]).map { max(0, $0 + max(0, $1)) }
        case 3: parts[1]
        default: sum
        }
      #expect(distance(try evaluate([sums[tensor]], inputs: inputs)[0], expected) < 1e-14)
    }
  }
}
