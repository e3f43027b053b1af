import MinimKernels

extension Parameter {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    NumPyValue("p[\"\(path)\"]", shape: shape)
  }
}

extension Input {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    NumPyValue(name, shape: shape)
  }
}

extension Constant {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    writer.constant(values, shape: shape)
  }
}

extension Random {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    let number = source & 0xffff_ffff, stream = source >> 32
    let purpose = RandomPurpose(rawValue: number).map { "\"\($0)\"" } ?? "\(number)"
    return writer.call("draws.\(distribution)", writer.tuple(shape), purpose, "\(stream)", shape: shape)
  }
}
