import MinimAutodiff
import MinimDrawing
import MinimKernels

/// Arrays as text in a file of Python: base64 of their bytes, little-endian, in the type that they are stored in.
enum NumPyArrays {
  /// The definition of a function that reads a table of arrays.
  static let reader = #"""
    def arrays(table, dtype):
        """The arrays of a table: a shape, a type, and the bytes in base64."""
        return {
            name: np.frombuffer(base64.b64decode(text), kind).reshape(shape).astype(dtype)
            for name, (shape, kind, text) in table.items()
        }
    """#

  /// A table of the parameters.
  static func parameters(_ vector: ParameterVector) -> [String] {
    table(
      "PARAMETERS",
      vector.layout.entries.map { ($0.path, $0.shape, vector.precision, vector[$0]) })
  }

  /// A table of the constants of expressions, which are Doubles.
  static func constants(_ list: [NumPyWriter.Constant]) -> [String] {
    table("CONSTANTS", list.map { ($0.name, $0.shape, .float64, $0.values) })
  }

  private typealias Entry = (name: String, shape: [Int], precision: Precision, values: [Double])

  private static func table(_ name: String, _ entries: [Entry]) -> [String] {
    let writer = NumPyWriter()
    let lines = entries.flatMap { entry -> [String] in
      let type = entry.precision == .float32 ? "<f4" : "<f8"
      return ["    \"\(entry.name)\": (\(writer.tuple(entry.shape)), \"\(type)\", \"\"\""]
        + wrapped(HTML.base64(bytes(entry.values, entry.precision))) + ["\"\"\"),"]
    }
    return ["\(name) = {"] + lines + ["}"]
  }

  /// A long text in lines; base64 is ASCII, and Python skips their ends.
  private static func wrapped(_ text: String, width: Int = 120) -> [String] {
    let letters = Array(text.utf8)
    return stride(from: 0, to: letters.count, by: width).map {
      String(decoding: letters[$0..<min($0 + width, letters.count)], as: UTF8.self)
    }
  }

  /// The bytes of numbers, the lowest first.
  private static func bytes(_ values: [Double], _ precision: Precision) -> [UInt8] {
    values.flatMap { value -> [UInt8] in
      switch precision {
      case .float32: littleEndian(Float(value).bitPattern)
      case .float64: littleEndian(value.bitPattern)
      }
    }
  }

  private static func littleEndian(_ word: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: word.littleEndian) { Array($0) }
  }
}
