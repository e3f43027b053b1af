import MinimData
import MinimKernels

/// Elements of either precision, read and written as Double.
public struct ValueBuffer: BitwiseCopyable, @unchecked Sendable {
  private let pointer: UnsafeMutableRawPointer
  private let precision: Precision

  init(_ pointer: UnsafeMutableRawPointer, _ precision: Precision) {
    self.pointer = pointer
    self.precision = precision
  }

  /// One element.
  @inline(__always)
  public subscript(index: Int) -> Double {
    get {
      precision == .float32
        ? Double(pointer.assumingMemoryBound(to: Float.self)[index])
        : pointer.assumingMemoryBound(to: Double.self)[index]
    }
    nonmutating set {
      if precision == .float32 {
        pointer.assumingMemoryBound(to: Float.self)[index] = Float(newValue)
      } else {
        pointer.assumingMemoryBound(to: Double.self)[index] = newValue
      }
    }
  }

  /// Writes values from `index` on. Not generic: a generic function of another module is not specialized here, which
  /// made drawing a batch cost a quarter of a step.
  public func write(_ values: ArraySlice<Float>, at index: Int) {
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { copy(start, count: source.count, to: index) }
    }
  }

  /// Writes values from `index` on.
  public func write(_ values: UnsafeBufferPointer<Float>, at index: Int) {
    for offset in values.indices { self[index + offset] = Double(values[offset]) }
  }

  /// Writes the first `count` values, each by its index.
  package func fill(_ count: Int, _ value: (_ index: Int) -> Double) {
    for index in 0..<count { self[index] = value(index) }
  }

  /// Writes rows of one width, one after the other from the start on.
  package func write(_ rows: ArraySlice<[Double]>) {
    for (slot, row) in rows.enumerated() {
      for (column, value) in row.enumerated() { self[slot * row.count + column] = value }
    }
  }

  /// Writes the examples of `data` that `indices` names, one after the other from the start on.
  public func write(_ indices: ArraySlice<Int>, of data: Dataset) {
    let size = data.exampleCount
    data.values.withUnsafeBufferPointer { values in
      indices.withUnsafeBufferPointer { indices in
        guard let source = values.baseAddress else { return }
        for slot in indices.indices { copy(source + indices[slot] * size, count: size, to: slot * size) }
      }
    }
  }

  /// Draws the examples of a range, one after the other from the start on; they are Floats in Double too.
  func write(_ source: any ExampleSource, _ range: Range<Int>, key: RandomKey) {
    let count = range.count * source.exampleCount
    switch precision {
    case .float32:
      let start = pointer.assumingMemoryBound(to: Float.self)
      source.draw(range, key: key, into: UnsafeMutableBufferPointer(start: start, count: count))
    case .float64:
      // Draws into the upper half of the memory, where each value is read before a Double is written over it.
      let half = pointer + count * MemoryLayout<Float>.size
      half.withMemoryRebound(to: Float.self, capacity: count) {
        source.draw(range, key: key, into: UnsafeMutableBufferPointer(start: $0, count: count))
      }
      for index in 0..<count {
        let value = half.load(fromByteOffset: index * MemoryLayout<Float>.size, as: Float.self)
        pointer.storeBytes(of: Double(value), toByteOffset: index * MemoryLayout<Double>.size, as: Double.self)
      }
    }
  }

  private func copy(_ source: UnsafePointer<Float>, count: Int, to index: Int) {
    switch precision {
    case .float32:
      (pointer.assumingMemoryBound(to: Float.self) + index).update(from: source, count: count)
    case .float64:
      let target = pointer.assumingMemoryBound(to: Double.self) + index
      for offset in 0..<count { target[offset] = Double(source[offset]) }
    }
  }
}
