// Operations that move, repeat or drop elements.

extension Reshape {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    // Axes of extent 1 in front are what NumPy adds by itself, and a scalar needs no axes at all.
    let (own, old) = (x[0].shape, x[0].tensorShape)
    let front = shape.count - old.count
    if front > 0, shape == Shape(repeating: 1, count: front) + old { return x[0].standing(for: shape) }
    if own.isEmpty, shape.allSatisfy({ $0 == 1 }) { return x[0].standing(for: shape) }
    let whole = writer.whole(x[0])
    let extents = shape.isEmpty ? "()" : shape.map(writer.extent).joined(separator: ", ")
    return writer.method(whole, "reshape", extents, shape: shape)
  }
}

extension Transpose {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let whole = writer.whole(x[0])
    if permutation == [1, 0] { return NumPyValue("\(whole.operand(.primary)).T", shape: shape) }
    return writer.method(whole, "transpose", permutation.map(String.init).joined(separator: ", "), shape: shape)
  }
}

extension Broadcast {
  /// Left to whatever reads it: arithmetic repeats extents of 1 by itself.
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    x[0].standing(for: shape)
  }
}

extension Slice {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let (whole, all) = (writer.whole(x[0]), x[0].tensorShape)
    let places = all.indices.map { axis -> String in
      let end = start[axis] + shape[axis]
      if shape[axis] == all[axis] { return ":" }
      let first = start[axis] == 0 ? "" : writer.extent(start[axis])
      return first + ":" + (end == all[axis] ? "" : writer.extent(end))
    }
    return NumPyValue("\(whole.operand(.primary))[\(places.joined(separator: ", "))]", shape: shape)
  }
}

extension Pad {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let whole = writer.whole(x[0])
    let widths = shape.indices.map { axis in
      "(\(writer.extent(start[axis])), \(writer.extent(shape[axis] - start[axis] - x[0].tensorShape[axis])))"
    }
    return writer.call("np.pad", whole.text, NumPyWriter.tuple(widths), shape: shape)
  }
}

extension Concatenate {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let parts = x.map { writer.whole($0).text }
    return writer.call("np.concatenate", NumPyWriter.tuple(parts), "axis=\(axis)", shape: shape)
  }
}

extension Columns {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let starts = x.indices.map { input in x[..<input].reduce(0) { $0 + $1.tensorShape[1] } }
    let order = sources.map { source in source.map { "\(starts[$0.input] + $0.column)" } ?? "-1" }
    let places = "[\(order.joined(separator: ", "))]", parts = x.map(writer.whole)
    if parts.count == 1, !sources.contains(nil) {
      return NumPyValue("\(parts[0].operand(.primary))[:, \(places)]", shape: shape)
    }
    return writer.call(.columns, NumPyWriter.tuple(parts.map(\.text)), places, shape: shape)
  }
}

extension StopGradient {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue { x[0] }
}

extension BatchMean {
  /// The value itself: here a batch is never cut into shards.
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue { x[0] }
}

extension Relayout {
  /// The value itself: NumPy's arrays do not have the engine's order in memory.
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue { x[0] }
}
