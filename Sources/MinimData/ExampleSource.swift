import MinimKernels

/// A source of examples drawn by number, without end: no step sees the same example twice.
public protocol ExampleSource: Sendable {
  /// The extents of one example.
  var exampleShape: [Int] { get }
  /// The number of values of one example. It is read in every shard of a step, so it must not allocate an array.
  var exampleCount: Int { get }
  /// Draws the examples of `range` into memory that has room for them, one after the other. Example i is a function of
  /// `key.folding(i)` alone, not of the range that it is drawn in. A step draws each of its shards by one call, so a
  /// call may allocate, but a single example may not.
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
  /// One value per pixel.
  public var exampleCount: Int { pixels }
}
