import MinimAutodiff
import MinimData

/// A trained model as one file of Python that needs only NumPy: a class with the parameters and with methods for the losses of
/// examples, and for what else the model offers. The methods are written from the expressions that the engine computes.
package struct NumPyFile: Sendable {
  private let methods: [NumPyMethod]
  private let trained: Trained
  private let title: String
  /// The number of examples that expressions are traced with.
  private let count: Int

  /// Creates the file of a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - trained: its parameters, and the data that they fit.
  ///   - title: what it is, in a line.
  ///   - count: the number of examples that expressions are traced with.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    _ model: any Model, _ trained: Trained, title: String, count: Int = NumPyWriter.usualCount
  ) throws {
    (self.trained, self.title, self.count) = (trained, Self.quotable(title), count)
    let batch = Batch(count: count, of: trained.data)
    let more = try (model as? any NumPyExpressible)?.numpyMethods(batch, trained) ?? []
    methods = Self.objectives(model, batch) + more
  }

  /// A text that ends neither a string of Python nor begins an escape in it: names of runs may be any.
  private static func quotable(_ text: String) -> String {
    text.map { "\\\"".contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }

  private static func objectives(_ model: any Model, _ batch: Batch) -> [NumPyMethod] {
    let unit = model.lossUnit.map { ", in \($0)" } ?? ""
    let objective = model.objective(batch)
    let losses = model.losses(batch)
    var methods = losses.map { [NumPyMethod("losses", "The loss of each example\(unit): [n].", [$0])] } ?? []
    let parts = model.parts(batch)
    if !parts.isEmpty {
      methods.append(
        NumPyMethod(
          "parts", "The parts of each loss\(unit), by name: [n].", parts.map(\.value), .named(parts.map(\.name))))
    }
    let meaning = "The quantity that training minimizes, \(objective.name) of a batch\(unit)."
    methods.append(
      losses.map { NumPyMethod("objective", meaning, objective.value, meanOf: ($0, "losses")) }
        ?? NumPyMethod("objective", meaning, [objective.value]))
    if !objective.players.isEmpty {
      methods.append(
        NumPyMethod(
          "players", "The value that each player minimizes, by name.", objective.players.map(\.value),
          .named(objective.players.map(\.name))))
    }
    return methods
  }

  /// The text of the file.
  package var text: String {
    var writer = NumPyWriter(count: count)
    let body = methods.flatMap { [""] + $0.lines(&writer) }
    let called = Set(writer.helpers.flatMap { [$0] + $0.callees })
    let helpers = NumPyHelper.allCases.filter(called.contains).map(\.source)
    let constants = writer.constants.isEmpty ? "CONSTANTS = {}" : NumPyArrays.constants(writer.constants).lines
    let blocks =
      [header(body) + "\n\nimport base64\n\nimport numpy as np", modelClass + indented(body)] + helpers
      + [NumPyDraws.source, NumPyArrays.reader, constants, NumPyArrays.parameters(trained.parameters).lines]
    return blocks.joined(separator: "\n\n\n") + "\n"
  }

  private func indented(_ lines: [String]) -> String {
    lines.map { $0.isEmpty ? "\n" : "\n    " + $0 }.joined()
  }

  /// The description of the file, with the calls of its methods.
  private func header(_ body: [String]) -> String {
    let calls = body.filter { $0.hasPrefix("def ") }.map { definition in
      definition.replacing("def ", with: "model.").replacing("(self, ", with: "(")
        .replacing("(self)", with: "()").dropLast()
    }
    return #"""
      """\#(title)

      It needs only NumPy. The arrays of a batch are [n, ...]; n is their number of examples.

          model = Model()  # computes in float32, and Model(np.float64) in float64
          \#(calls.joined(separator: "\n    "))

      Each statement is an operation of the expression that Minim's engine computes, or several; a comment says the extents of its
      value. `p` are the parameters by name, `draws` the engine's own random numbers. Anything with the methods `normal`, `uniform`
      and `stratified` of `Draws` can take their place.
      """
      """#
  }

  private var modelClass: String {
    let data = trained.data
    return #"""
      class Model:
          """The model with its trained parameters."""

          example_shape = \#(NumPyWriter().tuple(data.exampleShape))
          classes = \#(data.classes)
          seed = \#(trained.seed)

          def __init__(self, dtype=np.float32):
              self.dtype = np.dtype(dtype)
              self.parameters = arrays(PARAMETERS, self.dtype)
              self.constants = arrays(CONSTANTS, self.dtype)

          def draws(self, seed=None, step=0, first=0):
              """The random numbers of examples from number `first` on; an evaluation draws those of step 0."""
              return Draws(self.seed if seed is None else seed, step, first, self.dtype)

          def array(self, values):
              """Numbers in the model's type."""
              return np.asarray(values, self.dtype)

          def rows(self, examples):
              """Examples in the model's type and shape, and their number."""
              examples = self.array(examples).reshape(-1, *self.example_shape)
              return examples, len(examples)

          def one_hot(self, labels):
              """Classes by number as rows with a single 1."""
              return np.eye(self.classes, dtype=self.dtype)[np.asarray(labels, int)]
      """#
  }
}

extension [String] {
  fileprivate var lines: String { joined(separator: "\n") }
}
