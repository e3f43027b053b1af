import MinimKernels

/// What examples are drawn from by number, without end: data of which no step sees the same twice.
public protocol ExampleSource: Sendable {
  /// The extents of one example.
  var exampleShape: [Int] { get }
  /// The number of values of one example: asked for in every shard of a step, so without making an array.
  var exampleCount: Int { get }
  /// Draws the examples of `range` into memory that has room for them, one after the other. Example i is a function of
  /// `key.folding(i)` alone: not of the range that it is drawn in. A step draws each of its shards by one call, so that a
  /// call, but not an example, may allocate.
  func draw(_ range: Range<Int>, key: RandomKey, into buffer: UnsafeMutableBufferPointer<Float>)
}

extension ExampleSource {
  /// The first examples as rows.
  public func dataset(name: String, rows: Int, key: RandomKey) -> Dataset {
    let count = rows * exampleCount
    let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      draw(0..<rows, key: key, into: buffer)
      initialized = count
    }
    return Dataset(name: name, exampleShape: exampleShape, values: values)
  }
}

extension Ising: ExampleSource {
  /// A value a pixel.
  public var exampleCount: Int { pixels }
}
