import MinimKernels

/// A node of an expression: a shape, an operation and its inputs. It holds no numbers and has no scalar type: a `Plan`
/// of it runs in Float or in Double. Immutable; equality is identity.
public final class Tensor: Sendable {
  /// The extents, outermost first; `[batch, height, width, channels]` for images.
  public let shape: Shape
  package let operation: any Operation
  package var inputs: [Tensor] { storedInputs }
  /// The line of source that made the tensor; nil unless origins are recorded.
  package let origin: TensorOrigin?
  /// Written in `deinit` only, when no other reference to the node is left.
  private nonisolated(unsafe) var storedInputs: [Tensor]

  package init(_ operation: any Operation, _ inputs: [Tensor], shape: Shape) {
    self.operation = operation
    storedInputs = inputs
    self.shape = shape
    origin = TensorOrigin.isRecording ? .here : nil
  }

  /// Takes a chain apart link by link. Left to the runtime, each input would be released inside the release of its
  /// reader, and an expression may be deeper than the stack.
  deinit {
    var doomed = storedInputs
    storedInputs = []
    while var node = doomed.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      doomed += node.storedInputs
      node.storedInputs = []
    }
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

  /// A constant with the given values, in row-major order.
  public static func constant(_ values: [Double], shape: Shape) -> Tensor {
    require(values.count == shape.elementCount, "\(values.count) values for a constant of shape \(shape)")
    return Tensor(Constant(values), [], shape: shape)
  }

  /// A constant 1, repeated or not.
  var isAllOnes: Bool {
    if case .leaf(.constant(let values)) = operation.role { return values == [1] }
    return operation.role.keepsElements && inputs[0].isAllOnes
  }
}

/// A view of the parameter vector.
package struct Parameter: Operation {
  package let path: String
  package let offset: Int
  package var signature: String { "parameter \(path) @\(offset)" }
  package var role: Role { .leaf(.parameter(path: path, offset: offset)) }
  package var recurrence: Recurrence { .step }
}

/// A region of the arena that the caller fills.
package struct Input: Operation {
  package let name: String
  package var signature: String { "input \(name)" }
  package var role: Role { .leaf(.input(name: name)) }
  package var recurrence: Recurrence { .shard }
}

/// Values fixed when the expression is built.
package struct Constant: Operation {
  package let values: [Double]
  package init(_ values: [Double]) { self.values = values }
  package var signature: String {
    values.count <= 8 ? "constant \(values)" : "constant of \(values.count) \(values.map(\.bitPattern).hashed)"
  }
  package var role: Role { .leaf(.constant(values)) }
}

extension [Double] {
  /// Whether both have the same values to the bit, including signs of zeros and payloads of NaN.
  func hasSameBits(as other: [Double]) -> Bool {
    count == other.count && zip(self, other).allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}

extension [UInt64] {
  /// A hash that is the same in every process, so that a printed plan is. The shift carries the high bits down, where
  /// the next product spreads them: round numbers differ in their high bits only. Equal hashes are still compared in
  /// full.
  fileprivate var hashed: String {
    let hash = reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, word in
      let product = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
      return product ^ (product >> 32)
    }
    return String(hash, radix: 16)
  }
}
