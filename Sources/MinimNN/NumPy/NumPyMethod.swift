import MinimAutodiff

/// A method of the class that a model is in Python.
package struct NumPyMethod: Sendable {
  /// An argument of a method: its name, a default if it may be left out, and the line that prepares it.
  package struct Argument: Sendable {
    let text: String
    let preparation: String?
    var name: String { String(text.prefix { $0 != "=" }) }

    package init(_ text: String, preparation: String? = nil) { (self.text, self.preparation) = (text, preparation) }
  }

  /// The result of a method.
  package enum Result: Sendable {
    /// The values of the only expression.
    case value
    /// A dictionary of the values by name.
    case named([String])
    /// A tuple of the values.
    case tuple
  }

  private enum Body: Sendable {
    case expressions([Tensor], Result)
    case mean(Tensor, of: Tensor, method: String)
    case text(String)
  }

  package let name: String
  private let documentation: String
  private let arguments: [Argument]
  private let body: Body

  /// Creates a method that computes expressions of a `Batch` and of other inputs.
  ///
  /// - Parameter inputs: the inputs of the expressions other than those of a batch, in the order of arguments.
  package init(
    _ name: String, _ documentation: String, _ expressions: [Tensor], _ result: Result = .value,
    inputs: [Argument] = []
  ) {
    (self.name, self.documentation, arguments) = (name, documentation, inputs)
    body = .expressions(expressions, result)
  }

  /// Creates a method that computes a scalar, which it may leave to another method: it does so if the scalar is the mean of
  /// that method's values.
  ///
  /// - Parameters:
  ///   - value: the scalar.
  ///   - other: the other method's values, [n], and its name.
  package init(_ name: String, _ documentation: String, _ value: Tensor, meanOf other: (values: Tensor, method: String))
  {
    (self.name, self.documentation, arguments) = (name, documentation, [])
    body = .mean(value, of: other.values, method: other.method)
  }

  /// Creates a method with a text of its own.
  ///
  /// - Parameters:
  ///   - arguments: all arguments but `self`.
  ///   - text: the statements.
  package init(_ name: String, _ documentation: String, arguments: [Argument], text: String) {
    (self.name, self.documentation, self.arguments) = (name, documentation, arguments)
    body = .text(text)
  }

  /// The definition, in Python.
  func lines(_ writer: inout NumPyWriter) -> [String] {
    switch body {
    case .text(let text):
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return definition(arguments, lines)
    case .expressions(let tensors, let result): return lines(tensors, result, &writer)
    case .mean(let value, let values, let method):
      var draft = writer
      let function = NumPyFunction([value], in: &draft)
      guard function.hasSameText(as: NumPyFunction([values.mean()], in: &draft)) else {
        return lines([value], .value, &writer)
      }
      let arguments = arguments(of: function)
      let names = arguments.map(\.name).joined(separator: ", ")
      return definition(arguments.map { Argument($0.text) }, ["return self.\(method)(\(names)).mean()"])
    }
  }

  private func lines(_ tensors: [Tensor], _ result: Result, _ writer: inout NumPyWriter) -> [String] {
    let function = NumPyFunction(tensors, in: &writer)
    let body = tables(function) + function.statements + [Self.returning(function.results, result)]
    return definition(arguments + arguments(of: function), body)
  }

  private func definition(_ arguments: [Argument], _ lines: [String]) -> [String] {
    let all = (["self"] + arguments.map(\.text)).joined(separator: ", ")
    let body = ["\"\"\"\(documentation)\"\"\""] + arguments.compactMap(\.preparation) + lines
    return ["def \(name)(\(all)):"] + body.map { $0.isEmpty ? "" : "    " + $0 }
  }

  /// The arguments that a batch stands for, as far as the function depends on them.
  private func arguments(of function: NumPyFunction) -> [Argument] {
    func reads(_ name: String) -> Bool { function.inputs.contains { $0.name == name } }
    var list: [Argument] = []
    if reads(Batch.inputName) {
      list.append(Argument("examples", preparation: "examples, n = self.rows(examples)"))
    } else if function.readsCount, arguments.isEmpty {
      list.append(Argument("n=1"))
    }
    if reads(Batch.labelName) { list.append(Argument("labels", preparation: "labels = self.one_hot(labels)")) }
    if reads(Batch.indexName) {
      let all = "range(n) if indices is None else indices"
      list.append(Argument("indices=None", preparation: "indices = self.array(\(all))"))
    }
    if reads(Batch.stepName) { list.append(Argument("step=1", preparation: "step = self.array([step])")) }
    if function.isRandom { list.append(Argument("draws=None", preparation: "draws = draws or self.draws()")) }
    return list
  }

  private func tables(_ function: NumPyFunction) -> [String] {
    (function.mentions("p[\"") ? ["p = self.parameters"] : [])
      + (function.mentions("c[\"") ? ["c = self.constants"] : [])
  }

  private static func returning(_ results: [String], _ result: Result) -> String {
    switch result {
    case .value: "return \(results[0])"
    case .tuple: "return \(results.joined(separator: ", "))"
    case .named(let names):
      "return {" + zip(names, results).map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }
  }
}
