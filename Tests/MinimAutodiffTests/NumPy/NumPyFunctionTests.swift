import MinimAutodiff
import MinimKernels
import Testing

/// The text of expressions in Python.
@Suite struct NumPyFunctionTests {
  private let n = NumPyWriter.usualCount

  private func text(_ outputs: Tensor...) -> (statements: [String], results: [String]) {
    var writer = NumPyWriter()
    let function = NumPyFunction(outputs, in: &writer)
    return (function.statements, function.results)
  }

  private func input(_ name: String, _ shape: Shape) -> Tensor { .input(name, shape: shape) }

  @Test("parentheses stand where the order of operations needs them, and nowhere else") func parentheses() {
    let a = input("a", [2]), b = input("b", [2]), c = input("c", [2])
    #expect(text(a + b * c).results == ["a + b * c"])
    #expect(text((a + b) * c).results == ["(a + b) * c"])
    #expect(text(a + (b + c)).results == ["a + (b + c)"])
    #expect(text(a - (b - c)).results == ["a - (b - c)"])
    #expect(text(a - b - c).results == ["a - b - c"])
    #expect(text(a / (b * c)).results == ["a / (b * c)"])
    #expect(text(-(a + b)).results == ["-(a + b)"])
    #expect(text(-(-a)).results == ["-(-a)"])
    #expect(text((-a) * b).results == ["-a * b"])
    #expect(text(1 / (a + 2)).results == ["1 / (a + 2.0)"])
    #expect(text((a - 0.5).sum()).results == ["(a - 0.5).sum()"])
  }

  @Test("the number of examples is n, in extents, places and factors") func count() {
    let x = input("x", [n, 4])
    #expect(text(x.reshape([2 * n, 2])).results == ["x.reshape(2 * n, 2)"])
    #expect(text(x.slice([1, 0], shape: [n - 1, 4])).results == ["x[1:, :]"])
    #expect(text(x.slice([0, 1], shape: [n - 2, 3])).results == ["x[:n - 2, 1:]"])
    #expect(text(x.mean(axes: [0])).results == ["x.mean(axis=0)"])
    #expect(text(x * (1 / Double(2 * n))).results == ["x / (2 * n)"])
    #expect(text(x * 1e-7).results == ["x * 1e-07"])
  }

  @Test("NumPy repeats by itself, except where all extents are needed") func broadcasting() {
    let x = input("x", [n, 4]), b = input("b", [4])
    #expect(text(x + b).results == ["x + b"])
    #expect(text(b.broadcast(to: [n, 4]).sum(axes: [0])).results == ["np.broadcast_to(b, (n, 4)).sum(axis=0)"])
    #expect(text(b.broadcast(to: [n, 4])).results == ["np.broadcast_to(b, (n, 4))"])
    // A number alone would be a Double.
    #expect(text(log(.constant(2))).results == ["np.log(self.array(2.0))"])
    #expect(text(.constant(2, shape: [3])).results == ["np.full((3,), 2.0, self.dtype)"])
  }

  @Test("a value that is needed twice has a name and its extents in a comment, and equal values have one")
  func names() {
    let x = input("x", [n, 4])
    let (statements, results) = text(exp(x) * exp(x) + exp(x))
    #expect(statements == ["v1 = np.exp(x)  # [n, 4]"])
    #expect(results == ["v1 * v1 + v1"])
    #expect(text(x + x).statements.isEmpty)
  }

  @Test("long expressions become several statements") func lengths() {
    let x = input("x", [n, 4])
    let sum = (0..<40).reduce(x) { sum, index in sum + tanh(x * Double(index)) }
    let statements = text(sum).statements
    #expect(statements.count > 5 && statements.allSatisfy { $0.utf8.count <= 130 })
  }

  @Test("long constants go to a table, equal ones to one place; others with the same hash would not") func constants() {
    let values = (0..<9).map(Double.init)
    var writer = NumPyWriter()
    let twice = Tensor.constant(values, shape: [9]) + Tensor.constant(values, shape: [9])
    #expect(NumPyFunction([twice], in: &writer).results == ["c[\"constant.0\"] + c[\"constant.0\"]"])
    #expect(NumPyFunction([Tensor.constant(values, shape: [3, 3])], in: &writer).results == ["c[\"constant.1\"]"])
    #expect(writer.constants.map(\.shape) == [[9], [3, 3]] && writer.constants[0].values == values)
    #expect(text(.constant([1, -2], shape: [2])).results == ["self.array([1.0, -2.0])"])
  }

  @Test("parameters and draws are named") func leaves() {
    let p = Tensor.parameter("net.0.weight", shape: [4, 2], offset: 0)
    #expect(text(matmul(input("x", [n, 4]), p)).results == ["x @ p[\"net.0.weight\"]"])
    let draw = Tensor.normal(shape: [n, 3], purpose: .augmentation, stream: 2)
    #expect(text(draw).results == ["draws.normal((n, 3), \"augmentation\", 2)"])
  }
}
