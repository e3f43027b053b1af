import MinimKernels

/// The computation of a tensor. One type holds all that the engine knows about an operation: its attributes, how its
/// cotangent goes back to its inputs (in the language of tensors, so that it can be differentiated again), and the
/// instruction that computes it; the folder `NumPy` has its expression in Python. The shape rule is in the function that
/// builds the node.
package protocol Operation: Sendable {
  /// The name with every attribute. Two nodes with the same signature and inputs are the same value.
  var signature: String { get }

  /// The physical order of axes that the operation requires in a plan.
  var layoutRule: LayoutRule { get }

  /// The cotangents of the inputs of `y`, given its own; nil where the derivative is zero everywhere.
  func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?]

  /// The instruction that computes `output` from `inputs`.
  func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction

  /// The part that the operation plays in a plan.
  var role: Role { get }

  /// The frequency of changes of the value if its inputs never change.
  var recurrence: Recurrence { get }

  /// The source of each column of a matrix result, if every column is a column of an input or zeros; otherwise nil.
  ///
  /// - Parameter inputs: the shapes of the inputs.
  func columnSources(of inputs: [Shape], shape: Shape) -> [Columns.Source?]?

  /// The expression that computes the value with NumPy.
  ///
  /// - Parameters:
  ///   - x: the inputs.
  ///   - shape: the shape of the value.
  ///   - writer: what it writes extents with, and calls helpers by.
  func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue
}

extension Operation {
  package var layoutRule: LayoutRule { .standard }
  package var role: Role { .kernel }
  package var recurrence: Recurrence { .once }
  package func columnSources(of inputs: [Shape], shape: Shape) -> [Columns.Source?]? { nil }
  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] { y.inputs.map { _ in nil } }
  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    // Leaves, aliases and elementwise operations have no instruction of their own; the planner never asks for one.
    fatalError("\(signature) has no instruction of its own")
  }
}

/// The physical order of the axes that an operation works in.
package enum LayoutRule: Sendable {
  /// Row-major inputs, row-major output.
  case standard
  /// Inputs of rank 4 and the output in position-major order.
  case positionMajor
  /// Inputs of rank 4 in position-major order, the output row-major (a weight gradient).
  case positionMajorInputs
  /// Any order, the same for every input and the output.
  case elementwise
  /// Inputs in any order, output row-major (a reduction reads through strides).
  case anyInput
  /// Row-major inputs, output in whatever order its readers like (a copy writes through strides).
  case anyOutput
}
