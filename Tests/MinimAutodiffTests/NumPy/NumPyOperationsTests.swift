import Foundation
import MinimAutodiff
import MinimKernels
import TestSupport
import Testing

/// Every operation by NumPy. That each has a form, the compiler sees to; that each is in the catalog, `GradientTests`.
@Suite(.enabled(if: NumPy.isThere, "needs Python with NumPy")) struct NumPyOperationsTests {
  /// Cases whose draws a class of the model's file makes: they are compared there.
  private static let cases = operationCatalog.filter { $0.name != "random" }

  @Test("the values and derivatives of every operation are those of the engine, within 1e-12") func values() throws {
    let folder = try TemporaryFolder()
    var writer = NumPyWriter()
    var functions: [String] = []
    var expected: [(name: String, values: [Double])] = []
    for (number, operation) in Self.cases.enumerated() {
      let xs = operation.shapes.enumerated().map { Tensor.input("x\($0)", shape: $1) }
      let y = operation.build(xs)
      let outputs = [y] + gradient(of: square(y).sum(), withRespectTo: xs)
      var inputs: [String: [Double]] = [:]
      for (index, values) in operation.values.enumerated() { inputs["x\(index)"] = values }
      let values = try evaluate(outputs, parameters: Self.parameters, inputs: inputs)
      functions.append(Self.text(number, operation, outputs, &writer))
      for (index, value) in values.enumerated() { expected.append(("\(number).\(index)", value)) }
    }
    let helpers = NumPyHelper.allCases.map(\.source)
    // Every helper is called by some operation.
    #expect(Set(writer.helpers + writer.helpers.flatMap(\.callees)) == Set(NumPyHelper.allCases))
    let constants = writer.constants.map { "c[\"\($0.name)\"] = np.reshape(\($0.values), \(writer.tuple($0.shape)))" }
    let script = (helpers + [Self.setting] + constants + functions).joined(separator: "\n\n")
    let found = try NumPy.values(of: script, in: folder.path)
    for (name, values) in expected {
      let (number, index) = (Int(name.prefix { $0 != "." }) ?? 0, name.split(separator: ".")[1])
      let own = try #require(found[name])
      #expect(own.type == "float64" && own.values.count == values.count, "\(Self.cases[number].name), output \(index)")
      #expect(relativeDifference(own.values, values) < 1e-12, "\(Self.cases[number].name), output \(index)")
    }
  }

  private static let parameters = [0.3, -0.7]

  /// What functions find in a model.
  private static let setting = """
    class self:
        dtype = np.float64
        array = staticmethod(lambda values: np.asarray(values, float))

    p, c = {"p": np.array(\(parameters))}, {}
    """

  /// A function that shows the outputs of a case, and its call.
  private static func text(
    _ number: Int, _ operation: OperationCase, _ outputs: [Tensor], _ writer: inout NumPyWriter
  ) -> String {
    let function = NumPyFunction(outputs, in: &writer)
    let inputs = zip(operation.shapes, operation.values).enumerated().map { index, it in
      "x\(index) = np.reshape(np.array(\(it.1)), \(writer.tuple(it.0)))"
    }
    let shows = function.results.enumerated().map { "show(\"\(number).\($0)\", \($1))" }
    let body = (inputs + function.statements + shows).map { "    " + $0 }
    return (["def case_\(number)():"] + body + ["case_\(number)()"]).joined(separator: "\n")
  }
}
