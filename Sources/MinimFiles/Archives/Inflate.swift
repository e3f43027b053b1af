import CZlib

/// Decompresses zip and gzip data, through zlib.
enum Inflate {
  /// The wrapping of the compressed bytes.
  enum Format: Sendable {
    /// No wrapping, as in zip archives.
    case raw
    /// A header, and a checksum and a length that are checked. Several such members, one after the other, are one file
    /// (RFC 1952, section 2.2), and zeros may follow the last, as on tapes and in blocks of a device.
    case gzip

    /// zlib's code for the format, with a window of 2^15 bytes, the largest.
    fileprivate var windowBits: Int32 { self == .raw ? -15 : 16 + 15 }
  }

  /// A reason why bytes cannot be inflated.
  struct Failure: Error {
    let reason: String
  }

  /// The most bytes that one compressed byte can become: the longest match, 258 bytes, takes two bits at least.
  static let maximumRatio = 1032
  /// Bytes that are inflated at a time.
  private static let windowSize = 1 << 16

  /// Inflates `bytes`, which must be exactly one compressed stream of exactly `size` bytes.
  ///
  /// Memory grows with the bytes that really come out, up to `size`.
  static func all(_ bytes: ArraySlice<UInt8>, _ format: Format, size: Int) throws(Failure) -> [UInt8] {
    // No overflow: a file has at most 2^31 bytes.
    guard size <= bytes.count * maximumRatio else {
      throw Failure(reason: "\(bytes.count) compressed bytes cannot become the \(size) that it claims")
    }
    let output = try run(bytes, format, limit: size + 1)
    guard output.count == size else {
      throw Failure(
        reason: output.count > size
          ? "more comes out of the compressed bytes than the \(size) that it claims"
          : "\(output.count) bytes come out of the compressed ones, it claims \(size)")
    }
    return output
  }

  /// Inflates the first `count` bytes, or all if there are fewer.
  static func prefix(_ bytes: ArraySlice<UInt8>, _ format: Format, count: Int) throws(Failure) -> [UInt8] {
    try run(bytes, format, limit: count)
  }

  /// Runs `body`, and adds the name of the file to its failure.
  static func named(
    _ file: String, _ body: () throws(Failure) -> [UInt8]
  ) throws(DataFileError) -> [UInt8] {
    do throws(Failure) {
      return try body()
    } catch {
      throw DataFileError(file: file, reason: "gzip: \(error.reason)")
    }
  }

  /// Inflates until the stream ends, which must be at the end of the bytes, or until `limit` bytes are out.
  private static func run(_ bytes: ArraySlice<UInt8>, _ format: Format, limit: Int) throws(Failure) -> [UInt8] {
    guard let input = UInt32(exactly: bytes.count) else { throw Failure(reason: "too many compressed bytes") }
    // On the heap, since zlib remembers the address of the stream.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard inflateInit2_(stream, format.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw Failure(reason: "zlib cannot start; the system may be out of memory")
    }
    defer { inflateEnd(stream) }
    return try bytes.withUnsafeBufferPointer { (source) throws(Failure) in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)  // zlib only reads there
      stream.pointee.avail_in = input
      return try output(of: stream, format, limit: limit)
    }
  }

  private static func output(
    of stream: UnsafeMutablePointer<z_stream>, _ format: Format, limit: Int
  ) throws(Failure) -> [UInt8] {
    var output: [UInt8] = []
    var window = [UInt8](repeating: 0, count: windowSize)
    while output.count < limit {
      let room = min(window.count, limit - output.count)
      let status = window.withUnsafeMutableBufferPointer { window in
        stream.pointee.next_out = window.baseAddress
        stream.pointee.avail_out = UInt32(room)
        return inflate(stream, Z_NO_FLUSH)
      }
      let left = Int(stream.pointee.avail_out)
      output.append(contentsOf: window[..<(room - left)])
      switch status {
      case Z_STREAM_END:
        guard try hasNextMember(stream, format) else { return output }
        inflateReset(stream)
      // zlib cannot continue: the input is used up although there is room for output.
      case Z_BUF_ERROR: throw Failure(reason: "the compressed bytes end too early")
      case Z_OK: continue
      default:
        let message = stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)"
        throw Failure(reason: "the compressed bytes are damaged (\(message))")
      }
    }
    return output
  }

  /// Whether another member of a gzip file begins where a stream has ended.
  private static func hasNextMember(
    _ stream: UnsafeMutablePointer<z_stream>, _ format: Format
  ) throws(Failure) -> Bool {
    let rest = UnsafeBufferPointer(start: stream.pointee.next_in, count: Int(stream.pointee.avail_in))
    if rest.isEmpty { return false }
    if format == .gzip {
      if rest.starts(with: IDX.gzipMagic) { return true }
      if rest.allSatisfy({ $0 == 0 }) { return false }
    }
    throw Failure(reason: "\(rest.count) bytes follow the compressed ones")
  }
}
