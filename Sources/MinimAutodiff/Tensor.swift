import MinimKernels

/// A node of an expression: a shape, an operation and its inputs. It holds no numbers and has no scalar type: a `Plan`
/// of it is computed in Float or in Double. Immutable; equality is identity.
public final class Tensor: Sendable {
  /// The extents, outermost first; `[batch, height, width, channels]` for images.
  public let shape: Shape
  package let operation: any Operation
  package let inputs: [Tensor]

  package init(_ operation: any Operation, _ inputs: [Tensor], shape: Shape) {
    self.operation = operation
    self.inputs = inputs
    self.shape = shape
  }

  /// The number of axes.
  public var rank: Int { shape.count }
}

// MARK: - Leaves

extension Tensor {
  /// A parameter: `shape.elementCount` elements of the parameter vector from `offset` on. `path` names it in checkpoints
  /// and error messages.
  public static func parameter(_ path: String, shape: Shape, offset: Int) -> Tensor {
    Tensor(Parameter(path: path, offset: offset), [], shape: shape)
  }

  /// A value that the caller of a replay writes before each run. Two inputs of one plan need different names.
  public static func input(_ name: String, shape: Shape) -> Tensor {
    Tensor(Input(name: name), [], shape: shape)
  }

  /// A tensor whose elements are all `value`.
  public static func constant(_ value: Double, shape: Shape = []) -> Tensor {
    let scalar = Tensor(Constant([value]), [], shape: Shape(repeating: 1, count: shape.count))
    return scalar.broadcast(to: shape)
  }

  /// Given values in row-major order.
  public static func constant(_ values: [Double], shape: Shape) -> Tensor {
    precondition(values.count == shape.elementCount, "\(values.count) values for a constant of shape \(shape)")
    return Tensor(Constant(values), [], shape: shape)
  }
}

/// A view of the parameter vector.
package struct Parameter: Operation {
  package let path: String
  package let offset: Int
  package var signature: String { "parameter \(path) @\(offset)" }
}

/// A region of the arena that the caller fills.
package struct Input: Operation {
  package let name: String
  package var signature: String { "input \(name)" }
}

/// Values fixed when the expression is built.
package struct Constant: Operation {
  package let values: [Double]
  package init(_ values: [Double]) { self.values = values }
  package var signature: String {
    values.count <= 8 ? "constant \(values)" : "constant of \(values.count) \(values.map(\.bitPattern).hashed)"
  }
}

extension [UInt64] {
  /// FNV-1a, so that equal constants are planned once and a printed plan is the same in every process.
  fileprivate var hashed: String {
    String(reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ $1) &* 0x100_0000_01b3 }, radix: 16)
  }
}
