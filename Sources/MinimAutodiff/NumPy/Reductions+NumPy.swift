// Operations that take several elements together: sums, maxima, products of matrices, rows by index.

extension Sum {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let (whole, all) = (writer.whole(x[0]), x[0].tensorShape)
    let axis = axes.count == 1 ? "\(axes[0])" : "(\(axes.map(String.init).joined(separator: ", ")))"
    let argument = axes.count == all.count ? "" : "axis=\(axis)"
    let count = axes.map { all[$0] }.elementCount
    if scale != 1, scale == 1 / Double(count) { return writer.method(whole, "mean", argument, shape: shape) }
    let sum = writer.method(whole, "sum", argument, shape: shape)
    return scale == 1 ? sum : NumPyValue("\(sum.text) \(writer.factor(scale))", .product, shape: shape)
  }
}

extension Maximum {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    // NumPy has no maximum of nothing; here it is minus infinity.
    let initial = x[0].tensorShape.last == 0 ? ", initial=-np.inf" : ""
    return writer.method(writer.whole(x[0]), "max", "axis=-1\(initial)", shape: shape)
  }
}

extension FirstMaximum {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    writer.call(.firstMaximum, writer.whole(x[0]).text, shape: shape)
  }
}

extension MatrixProduct {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let (a, b) = (writer.whole(x[0]), writer.whole(x[1]))
    let left = transposesA ? "\(a.operand(.primary)).T" : a.operand(.product)
    return NumPyValue("\(left) @ \(b.rightOperand(.product))", .product, shape: shape)
  }
}

extension Gather {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let (rows, index) = (writer.whole(x[0]), writer.whole(x[1]))
    return NumPyValue("\(rows.operand(.primary))[\(index.operand(.primary)).astype(int)]", shape: shape)
  }
}

extension ScatterAdd {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let (values, index) = (writer.whole(x[0]), writer.whole(x[1]))
    return writer.call(.scatterAdd, values.text, index.text, writer.extent(rows), shape: shape)
  }
}

// MARK: - Convolutions

extension ConvolutionGeometry {
  /// "((-1, 0), (0, 0))".
  fileprivate var tapsText: String {
    NumPyWriter.tuple(taps.map { "(\($0.row), \($0.column))" })
  }

  /// The taps, the extents of the result, and the stride if there is one.
  fileprivate func arguments(_ size: (Int, Int)?) -> String {
    let sizes = size.map { ", (\($0.0), \($0.1))" } ?? ""
    return tapsText + sizes + (stride == 1 ? "" : ", stride=\(stride)")
  }
}

extension Convolution {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let (images, weight) = (writer.whole(x[0]), writer.whole(x[1]))
    // One tap at the center is a product of matrices at every position.
    if geometry.taps == [Tap(row: 0, column: 0)], geometry.stride == 1, shape[1...2] == images.shape[1...2] {
      return NumPyValue("\(images.operand(.product)) @ \(weight.operand(.primary))[0]", .product, shape: shape)
    }
    let size = (geometry.outputHeight, geometry.outputWidth)
    return writer.call(.convolution, images.text, weight.text, geometry.arguments(size), shape: shape)
  }
}

extension ConvolutionDataGradient {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let size = (geometry.inputHeight, geometry.inputWidth)
    return writer.call(
      .dataGradient, writer.whole(x[0]).text, writer.whole(x[1]).text, geometry.arguments(size), shape: shape)
  }
}

extension ConvolutionWeightGradient {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    writer.call(
      .weightGradient, writer.whole(x[0]).text, writer.whole(x[1]).text, geometry.arguments(nil), shape: shape)
  }
}
