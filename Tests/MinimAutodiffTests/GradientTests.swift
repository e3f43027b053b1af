import Foundation
import MinimAutodiff
import MinimKernels
import TestSupport
import Testing

@Suite struct GradientTests {
  @Test("first and second derivatives agree with differences", arguments: operationCatalog)
  func derivatives(_ operation: OperationCase) throws {
    guard operation.name != "parameter" else { return }  // needs a parameter vector: tested with models
    let check = try GradientCheck(operation.shapes, values: operation.values, operation.build)
    #expect(check.first < 1e-6, "first derivative of \(operation.name)")
    #expect(check.second < 1e-6, "second derivative of \(operation.name)")
    Reliability.record(1, "cases of operations", 1)
  }

  @Test("a wrong derivative is seen: the negative control")
  func wrongDerivative() throws {
    // The derivative of x * stop(x) is stop(x), half of what the value's own derivative is.
    let check = try GradientCheck([[3]], values: [[0.5, 1, 1.5]]) { $0[0] * stopGradient($0[0]) }
    #expect(check.first > 1e-2)
  }

  @Test("every operation of the sources is in the catalog, and every primitive")
  func catalogIsComplete() throws {
    let folder = Project.folder.appendingPathComponent("Sources/MinimAutodiff")
    var declared: Set<String> = []
    for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) ?? .init()
    where file.pathExtension == "swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      where line.contains(": Operation {") {
        let words = line.split(whereSeparator: { $0 == " " || $0 == ":" })
        if let index = words.firstIndex(of: "struct") { declared.insert(String(words[index + 1])) }
      }
    }
    #expect(declared.count >= 15)
    let (operations, primitives) = used(in: operationCatalog, derivatives: 0)
    // A relayout is made by the planner and has no derivative of its own; a zero constant needs no case.
    #expect(declared.subtracting(operations) == ["Relayout"])
    #expect(primitives == Set(Primitive.allCases.map { "\($0)" }))
  }

  @Test("the catalog is closed: whatever a derivative reaches is in it")
  func catalogIsClosed() {
    let (forward, _) = used(in: operationCatalog, derivatives: 0)
    let (reached, _) = used(in: operationCatalog, derivatives: 2)
    #expect(reached.subtracting(forward).isEmpty)
  }

  /// The operations and primitives in the expressions of the cases, or in their derivatives up to an order.
  private func used(in cases: [OperationCase], derivatives: Int) -> (operations: Set<String>, primitives: Set<String>) {
    var operations: Set<String> = []
    var primitives: Set<String> = []
    for operation in cases {
      let xs = operation.shapes.enumerated().map { Tensor.input("x\($0)", shape: $1) }
      var y = operation.build(xs)
      for _ in 0..<derivatives {
        y = gradient(of: y.sum(), withRespectTo: xs).map { $0.sum() }.reduce(.constant(0), +)
      }
      for node in topologicalOrder([y]) {
        operations.insert("\(type(of: node.operation))")
        if let elementwise = node.operation as? Elementwise { primitives.insert("\(elementwise.primitive)") }
      }
    }
    return (operations, primitives)
  }

  @Test("a tensor that the result does not depend on has derivative zero")
  func unreachable() throws {
    let x = Tensor.input("x", shape: [2])
    let z = Tensor.input("z", shape: [3])
    let values = try evaluate(gradient(of: square(x).sum(), withRespectTo: [z, x]), inputs: ["x": [1, 2]])
    #expect(values == [[0, 0, 0], [2, 4]])
  }

  @Test("ties of a maximum go to the first")
  func ties() throws {
    let x = Tensor.input("x", shape: [2, 3])
    let values = try evaluate(gradient(of: x.max().sum(), withRespectTo: [x]), inputs: ["x": [5, 5, 1, 2, 7, 7]])
    #expect(values[0] == [1, 0, 0, 0, 1, 0])
  }

  @Test("a value that occurs twice gathers both cotangents")
  func reuse() throws {
    let x = Tensor.input("x", shape: [])
    let y = exp(x)
    let values = try evaluate(gradient(of: y * y + y, withRespectTo: [x]), inputs: ["x": [0.5]])
    let e = Foundation.exp(0.5)
    #expect(abs(values[0][0] - (2 * e * e + e)) < 1e-14 * e)
  }
}
