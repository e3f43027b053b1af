extension Precision {
  /// Writes values as elements of this type.
  public func store(_ values: [Double], to memory: UnsafeMutableRawPointer) {
    switch self {
    case .float32:
      let elements = memory.assumingMemoryBound(to: Float.self)
      for (index, value) in values.enumerated() { elements[index] = Float(value) }
    case .float64:
      let elements = memory.assumingMemoryBound(to: Double.self)
      for (index, value) in values.enumerated() { elements[index] = value }
    }
  }

  /// Reads elements of this type.
  public func load(_ count: Int, from memory: UnsafeRawPointer) -> [Double] {
    switch self {
    case .float32:
      let elements = memory.assumingMemoryBound(to: Float.self)
      return (0..<count).map { Double(elements[$0]) }
    case .float64:
      let elements = memory.assumingMemoryBound(to: Double.self)
      return (0..<count).map { elements[$0] }
    }
  }
}
