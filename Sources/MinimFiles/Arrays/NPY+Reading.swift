extension NPY {
  /// The first bytes of every file.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The most bytes of a header. NumPy itself reads no more than 10,000.
  static let maximumHeader = 1 << 16
  /// Bytes at the beginning of a file that are enough to check its header.
  static let beginning = 12 + maximumHeader

  /// The array in the bytes of a file of version 1.0, 2.0 or 3.0.
  ///
  /// Format: numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Reads whole and real numbers and booleans
  /// of either byte order and either order of axes. Objects are not read: they are pickles, which can run code.
  ///
  /// - Parameter file: the name for errors.
  package static func decode(_ bytes: [UInt8], file: String) throws(DataFileError) -> NumericArray {
    let layout = try layout(bytes, fileBytes: bytes.count, file: file)
    return try NumericArray(
      bytes[layout.start...], type: layout.type, bigEndian: layout.bigEndian, shape: layout.header.shape,
      columnMajor: layout.header.fortranOrder, file: file)
  }

  /// The place and format of the numbers in a file.
  struct Layout {
    let header: NPYHeader
    let type: NumberType
    let bigEndian: Bool
    /// The number of numbers.
    let count: Int
    /// The start of the numbers; they end with the file.
    let start: Int

    /// The size of the file in bytes.
    var fileBytes: Int { start + count * type.size }
  }

  /// Checks the header of a file against the size of the file.
  ///
  /// - Parameter beginning: as many bytes of the file as a header can have, or all.
  static func layout(_ beginning: [UInt8], fileBytes: Int, file: String) throws(DataFileError) -> Layout {
    let layout = try layout(beginning, file: file)
    try DataLimits.check(layout.count, of: layout.type, from: layout.start, fileBytes: fileBytes, file: file)
    return layout
  }

  /// The place and format of the numbers by the header alone.
  static func layout(_ beginning: [UInt8], file: String) throws(DataFileError) -> Layout {
    let (start, end) = try headerRange(beginning, file: file)
    var parser = NPYHeaderParser(bytes: beginning, start: start, end: end, file: file)
    let header = try parser.header()
    let (type, bigEndian) = try numberType(header.descr, file: file)
    let count = try DataLimits.count(of: header.shape, file: file)
    return Layout(header: header, type: type, bigEndian: bigEndian, count: count, start: end)
  }

  /// The range of the header, after its length.
  private static func headerRange(_ bytes: [UInt8], file: String) throws(DataFileError) -> (start: Int, end: Int) {
    guard bytes.starts(with: magic) else {
      throw DataFileError(file: file, reason: "it does not begin like a NumPy file (\\x93NUMPY)")
    }
    guard bytes.count >= 12 else { throw DataFileError(file: file, reason: "it is cut short: no header") }
    guard (1...3).contains(bytes[6]), bytes[7] == 0 else {
      throw DataFileError(
        file: file, reason: "it has version \(bytes[6]).\(bytes[7]) of NumPy's format; 1.0, 2.0 and 3.0 are read")
    }
    let start = bytes[6] == 1 ? 10 : 12
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= maximumHeader else {
      throw DataFileError(file: file, reason: "its header claims \(length) bytes; at most \(maximumHeader) are read")
    }
    guard length <= bytes.count - start else {
      throw DataFileError(
        file: file, reason: "it is cut short: a header of \(length) bytes of which \(bytes.count - start) are there")
    }
    return (start, start + length)
  }

  /// The type that a dtype's description names, such as "<f4".
  private static func numberType(
    _ descr: [UInt8], file: String
  ) throws(DataFileError) -> (type: NumberType, bigEndian: Bool) {
    let order = descr.first ?? 0
    let name = String(decoding: descr.dropFirst(), as: UTF8.self)
    if name.hasPrefix("O") {
      throw DataFileError(
        file: file,
        reason: "it holds Python objects, which are never read: a pickle can run code. Save numbers instead: "
          + "array.astype('float32')")
    }
    guard let type = types[name], "<>|=".utf8.contains(order) else {
      throw DataFileError(
        file: file,
        reason: "its dtype \(DataFileError.quoted(descr)) is not read; "
          + "known are b1, u1, u2, u4, u8, i1, i2, i4, i8, f2, f4 and f8, after < or >")
    }
    guard order != UInt8(ascii: "|") || type.size == 1 else {
      throw DataFileError(
        file: file, reason: "its dtype \(DataFileError.quoted(descr)) does not give the byte order; expected < or >")
    }
    // "=" is the order of the machine that reads, and this program runs on little-endian ones.
    return (type, order == UInt8(ascii: ">"))
  }

  private static let types: [String: NumberType] = [
    "b1": .bool, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32, "u8": .uint64,
    "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64,
  ]
}
