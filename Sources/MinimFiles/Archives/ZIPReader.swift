/// Reads and checks an archive's directory.
///
/// The directory at the end is authoritative, and every entry's own header must agree with it. Refused: a comment that
/// could hide a second directory, anything between the directory and the end, several disks, encryption,
/// methods other than stored and deflated, names that occur twice or are not UTF-8, entries that overlap or leave the
/// file, sizes that deflate cannot reach, and 64-bit directories, which no archive of 2^31 bytes needs.
struct ZIPReader {
  let bytes: [UInt8]
  let file: String

  func entries() throws(DataFileError) -> [ZIPArchive.Entry] {
    let directory = try self.directory()
    var entries: [ZIPArchive.Entry] = []
    var headers: [(start: Int, end: Int)] = []  // from each entry's header to the end of its bytes
    var names: Set<String> = []
    var start = directory.start
    for _ in 0..<directory.count {
      let record = try self.record(at: start, end: directory.end)
      guard names.insert(record.name).inserted else { throw failure("two entries are named \(record.quoted)") }
      let entry = try self.entry(record, before: directory.start)
      entries.append(entry)
      headers.append((record.header, entry.stored.upperBound))
      start = record.end
    }
    guard start == directory.end else { throw failure("its directory is longer than its entries") }
    headers.sort { $0.start < $1.start }
    for (first, second) in zip(headers, headers.dropFirst()) where second.start < first.end {
      throw failure("two of its entries overlap")
    }
    return entries
  }

  // MARK: Parts

  /// The size of the end of an archive, without the comment that may follow.
  private static let endSize = 22

  /// The places where the end of an archive could begin: a mark, and behind it a comment of the stated length.
  private var ends: [Int] {
    let last = bytes.count - Self.endSize
    guard last >= 0 else { return [] }
    return (max(0, last - Int(UInt16.max))...last).filter { start in
      guard bytes[start] == 0x50, var fields = LittleEndianFields(bytes, at: start, count: Self.endSize),
        fields.next(4) == 0x0605_4b50
      else { return false }
      fields.skip(16)
      return fields.next(2) == last - start
    }
  }

  /// The place of the directory and its number of entries, from the archive's end.
  private func directory() throws(DataFileError) -> (start: Int, end: Int, count: Int) {
    let ends = self.ends
    guard let end = ends.first, var fields = LittleEndianFields(bytes, at: end, count: Self.endSize) else {
      throw failure("it does not end like a zip archive, with or without a comment; it may be cut short")
    }
    guard ends.count == 1 else { throw failure("its comment looks like another end of the archive") }
    fields.skip(4)
    let disks = (fields.next(2), fields.next(2))
    let counts = (fields.next(2), fields.next(2))
    let (size, start) = (fields.next(4), fields.next(4))
    guard start < 0xffff_ffff, size < 0xffff_ffff, counts.1 < 0xffff else {
      throw failure("it is a 64-bit archive (zip64), which is not read; save fewer or smaller arrays")
    }
    guard disks == (0, 0), counts.0 == counts.1 else { throw failure("it is one of several parts") }
    guard start + size == end else { throw failure("its directory is not where it should be") }
    return (start, end, counts.1)
  }

  /// An entry as the directory describes it.
  private struct Record {
    var flags = 0
    var method = 0
    var crc = 0
    var compressed = 0
    var size = 0
    /// The start of its own header.
    var header = 0
    /// The end of its record in the directory.
    var end = 0
    var nameBytes: ArraySlice<UInt8> = []
    var name = ""
    var quoted: String { DataFileError.quoted(nameBytes) }
  }

  private func record(at start: Int, end: Int) throws(DataFileError) -> Record {
    guard var fields = LittleEndianFields(bytes, at: start, count: 46), fields.next(4) == 0x0201_4b50 else {
      throw failure("its directory is damaged")
    }
    fields.skip(4)  // versions
    var record = Record()
    (record.flags, record.method) = (fields.next(2), fields.next(2))
    fields.skip(4)  // time and date
    (record.crc, record.compressed, record.size) = (fields.next(4), fields.next(4), fields.next(4))
    let lengths = (name: fields.next(2), extra: fields.next(2), comment: fields.next(2))
    let disk = fields.next(2)
    fields.skip(6)  // attributes
    record.header = fields.next(4)
    record.end = start + 46 + lengths.name + lengths.extra + lengths.comment
    guard record.end <= end else { throw failure("its directory is damaged: an entry is longer than the directory") }
    record.nameBytes = bytes[start + 46..<start + 46 + lengths.name]
    let isPlain = record.nameBytes.allSatisfy { $0 >= 0x20 }
    guard isPlain, let name = String(validating: record.nameBytes, as: UTF8.self) else {
      throw failure("the name \(record.quoted) of an entry is not text in UTF-8")
    }
    record.name = name
    guard disk == 0 else { throw failure("entry \(record.quoted) lies in another part of it") }
    return record
  }

  /// Checks a record's sizes and places, and the entry's own header against it.
  private func entry(_ record: Record, before limit: Int) throws(DataFileError) -> ZIPArchive.Entry {
    let name = record.quoted
    // 1: encrypted; 0x40 and 0x2000: other kinds of encryption. Allowed: the strength of compression, sizes after the
    // bytes, UTF-8.
    guard record.flags & 0x2041 == 0 else { throw failure("entry \(name) is encrypted; save it without a password") }
    guard record.flags & ~(0x0006 | 0x0008 | 0x0800) == 0 else { throw failure("entry \(name) has unknown flags") }
    guard let method = ZIPArchive.Method(rawValue: record.method) else {
      throw failure("entry \(name) is compressed by method \(record.method); stored (0) and deflated (8) are read")
    }
    guard record.size < 0xffff_ffff, record.compressed < 0xffff_ffff, record.header < 0xffff_ffff else {
      throw failure("entry \(name) has 64-bit sizes (zip64), which are not read; save smaller arrays")
    }
    guard record.size <= DataLimits.fileBytes else {
      throw failure("entry \(name) claims \(record.size) bytes; at most \(DataLimits.fileBytes) are read")
    }
    let start = try dataStart(record, before: limit)
    guard record.compressed <= limit - start else { throw failure("entry \(name) ends after the end of the archive") }
    switch method {
    case .stored where record.compressed != record.size:
      throw failure("entry \(name) is stored as it is, but has two sizes: \(record.compressed) and \(record.size)")
    case .deflated where record.size > record.compressed * Inflate.maximumRatio:
      throw failure("entry \(name) claims \(record.size) bytes, which \(record.compressed) cannot hold")
    default: break
    }
    return ZIPArchive.Entry(
      name: record.name, method: method, crc: UInt32(truncatingIfNeeded: record.crc), size: record.size,
      stored: start..<start + record.compressed)
  }

  /// The start of an entry's bytes, after its own header, which must agree with its record.
  private func dataStart(_ record: Record, before limit: Int) throws(DataFileError) -> Int {
    let name = record.quoted
    guard var fields = LittleEndianFields(bytes, at: record.header, count: 30), fields.next(4) == 0x0403_4b50 else {
      throw failure("entry \(name) does not begin where the directory says")
    }
    fields.skip(2)  // version
    let (flags, method) = (fields.next(2), fields.next(2))
    fields.skip(4)  // time and date
    let crc = fields.next(4)
    var sizes = (compressed: fields.next(4), size: fields.next(4))
    let nameStart = record.header + 30
    let nameEnd = nameStart + fields.next(2)
    let start = nameEnd + fields.next(2)
    guard start <= limit else { throw failure("entry \(name) ends after the end of the archive") }
    if sizes == (0xffff_ffff, 0xffff_ffff) { sizes = try wideSizes(nameEnd..<start, name) }
    // Flag 8: the sizes were unknown when the header was written, and follow the bytes. The directory has them.
    let isLate = record.flags & 8 != 0 && crc == 0 && (sizes == (0, 0) || sizes == (record.compressed, record.size))
    guard flags == record.flags, method == record.method, bytes[nameStart..<nameEnd] == record.nameBytes,
      isLate || (crc == record.crc && sizes == (record.compressed, record.size))
    else { throw failure("the header of entry \(name) does not agree with the directory") }
    return start
  }

  /// The sizes in the 64-bit extra field of an entry's header: NumPy always writes one.
  private func wideSizes(
    _ extra: Range<Int>, _ name: String
  ) throws(DataFileError) -> (compressed: Int, size: Int) {
    var start = extra.lowerBound
    while var fields = LittleEndianFields(bytes, at: start, count: 4), start + 4 <= extra.upperBound {
      let (kind, length) = (fields.next(2), fields.next(2))
      let end = start + 4 + length
      guard end <= extra.upperBound else { break }
      if kind == 1, length >= 16, var fields = LittleEndianFields(bytes, at: start + 4, count: 16) {
        let size = fields.next(8)
        return (fields.next(8), size)
      }
      start = end
    }
    throw failure("the header of entry \(name) lacks its 64-bit sizes")
  }

  private func failure(_ reason: String) -> DataFileError {
    DataFileError(file: file, reason: "zip archive: \(reason)")
  }
}

/// Adjacent numbers, the lowest byte first.
private struct LittleEndianFields {
  private let bytes: ArraySlice<UInt8>
  private var offset: Int

  /// Nil if `bytes` do not reach that far.
  init?(_ bytes: [UInt8], at start: Int, count: Int) {
    guard start >= 0, start <= bytes.count, count <= bytes.count - start else { return nil }
    self.bytes = bytes[start..<start + count]
    offset = start
  }

  /// The number in the next `size` bytes. One above Int.max, which no size in a file is, becomes Int.max.
  mutating func next(_ size: Int) -> Int {
    defer { offset += size }
    return Int(clamping: bytes[offset..<offset + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  mutating func skip(_ size: Int) { offset += size }
}
