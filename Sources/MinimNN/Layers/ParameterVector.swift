import MinimAutodiff
import MinimKernels

/// All parameters of a model in one flat vector. Padding between them is zero and stays zero.
public final class ParameterVector: @unchecked Sendable {
  /// The places of the parameters.
  public let layout: ParameterLayout
  /// The type of the elements.
  public let precision: Precision
  let memory: AlignedMemory

  /// Creates a vector of zeros.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  public init(_ layout: ParameterLayout, precision: Precision) throws {
    self.layout = layout
    self.precision = precision
    memory = try AlignedMemory(byteCount: layout.count * precision.elementSize)
  }

  /// The elements, `layout.count` of them.
  public var pointer: UnsafeMutableRawPointer { memory.pointer }

  /// Draws every parameter from its initializer, as a function of the seed and the parameter's place in the layout.
  public func initialize(seed: UInt64) {
    let key = RandomKey(seed: seed).folding(.initialization)
    for (index, entry) in layout.entries.enumerated() {
      self[entry] = entry.initializer.values(count: entry.shape.elementCount, key: key.folding(UInt64(index)))
    }
  }

  /// The values of one parameter, row-major.
  public subscript(entry: ParameterLayout.Entry) -> [Double] {
    get { precision.load(entry.shape.elementCount, from: pointer + entry.offset * precision.elementSize) }
    set { precision.store(newValue, to: pointer + entry.offset * precision.elementSize) }
  }

  /// All elements, padding included.
  public var values: [Double] {
    get { precision.load(layout.count, from: pointer) }
    set { precision.store(newValue, to: pointer) }
  }

  /// The values in another precision.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  public func converted(to precision: Precision) throws -> ParameterVector {
    let copy = try ParameterVector(layout, precision: precision)
    copy.values = values
    return copy
  }
}
