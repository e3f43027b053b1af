import CMinimKernels

/// One operation that a product applies to its sums before it stores them. The order of the cases is the order of
/// application, here and in the kernels (`gemm_finish`); each may be left out.
package enum EpilogueStep: Int, CaseIterable, Comparable, Sendable {
  /// Adds a row to every row.
  case bias
  /// Adds an array of the result's shape.
  case residual
  /// Takes the positive part.
  case relu
  /// Keeps an element if that of another array is positive.
  case gate
  /// Multiplies by 1 - y^2.
  case tanhGradient
  /// Adds an array of the result's shape.
  case addend
  /// Multiplies by s + y (1 - s), the derivative of a SiLU with result y = x s and s = sigmoid(x).
  case siluSlope

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

  /// The primitive that the step stands for.
  var primitive: Primitive {
    switch self {
    case .bias, .residual, .addend: .add
    case .relu: .relu
    case .gate: .gate
    case .tanhGradient: .tanhGradient
    case .siluSlope: .multiply
    }
  }

  /// Whether the sums and the step's operand may be exchanged.
  var commutes: Bool { primitive == .add || primitive == .multiply }

  /// The step's name in a printed plan.
  var label: String {
    switch self {
    case .bias: "+ bias"
    case .residual: "+ residual"
    case .relu: "relu"
    case .gate: "gate"
    case .tanhGradient: "tanh gradient"
    case .addend: "+ addend"
    case .siluSlope: "silu slope"
    }
  }

  /// The operands' fields in the kernel's call.
  var operands: [WritableKeyPath<minim_gemm, UnsafeRawPointer?>] {
    switch self {
    case .bias: [\.bias]
    case .residual: [\.residual]
    case .relu: []
    case .gate: [\.gate]
    case .tanhGradient: [\.tanh]
    case .addend: [\.addend]
    case .siluSlope: [\.silu, \.sigmoid]
    }
  }
}

/// The steps of a product's epilogue in order, each with its operands: nodes of the graph, or their places.
package struct Epilogue<Operand: Sendable>: Sendable {
  /// The steps in order.
  package private(set) var steps: [(step: EpilogueStep, operands: [Operand])] = []

  /// The steps that may still follow, in order.
  var allowed: ArraySlice<EpilogueStep> {
    EpilogueStep.allCases[(steps.last.map { $0.step.rawValue + 1 } ?? 0)...]
  }

  /// Appends one of the `allowed` steps.
  mutating func append(_ step: EpilogueStep, _ operands: [Operand]) { steps.append((step, operands)) }

  /// The same steps with other operands.
  func map<Other>(_ transform: (Operand) -> Other) -> Epilogue<Other> {
    var result = Epilogue<Other>()
    for (step, operands) in steps { result.append(step, operands.map(transform)) }
    return result
  }

  /// " + bias relu"; empty if there is no step.
  var label: String { steps.map { " " + $0.step.label }.joined() }
}
