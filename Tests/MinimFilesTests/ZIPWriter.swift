/// Writes zip archives for tests, right ones and wrong ones: every field of an entry can be set to something else.
struct ZIPWriter {
  struct Entry {
    var name: [UInt8]
    var content: [UInt8]
    /// The bytes in the archive.
    var stored: [UInt8]
    var method = 0
    var flags = 0
    var crc: UInt32
    /// As the directory claims them.
    var size: Int
    var compressed: Int
    /// As the entry's own header claims them; nil for the same.
    var localName: [UInt8]?
    var localCRC: UInt32?
    var localSize: Int?
    var localMethod: Int?
    var localFlags: Int?
    /// The extra field of its own header.
    var extra: [UInt8] = []
    /// What stands behind its bytes.
    var behind: [UInt8] = []
    /// Where the directory says that it begins; nil for where it does.
    var offset: Int?

    init(_ name: String, _ content: [UInt8], deflated: [UInt8]? = nil) {
      self.name = Array(name.utf8)
      self.content = content
      stored = deflated ?? content
      method = deflated == nil ? 0 : 8
      crc = checksum(content)
      size = content.count
      compressed = stored.count
    }

    func with(_ change: (inout Entry) -> Void) -> Entry {
      var entry = self
      change(&entry)
      return entry
    }
  }

  var entries: [Entry]
  /// What stands in front of everything, between the entries and the directory, between that and the end, and behind.
  var (front, gap, tail, comment): ([UInt8], [UInt8], [UInt8], [UInt8]) = ([], [], [], [])
  /// Fields of the end; nil for the right ones.
  var count: Int?
  var countHere: Int?
  var disk = 0
  var directorySize: Int?
  var directoryStart: Int?
  var commentLength: Int?

  init(_ entries: Entry...) { self.entries = entries }

  func with(_ change: (inout ZIPWriter) -> Void) -> ZIPWriter {
    var writer = self
    change(&writer)
    return writer
  }

  var bytes: [UInt8] {
    var archive = front
    var directory: [UInt8] = []
    for entry in entries {
      let start = entry.offset ?? archive.count
      let name = entry.localName ?? entry.name
      archive += little(0x0403_4b50, 4) + little(20, 2) + little(entry.localFlags ?? entry.flags, 2)
      archive += little(entry.localMethod ?? entry.method, 2) + little(0, 4)
      archive += little(entry.localCRC ?? entry.crc, 4) + little(entry.localSize ?? entry.compressed, 4)
      archive += little(entry.localSize ?? entry.size, 4) + little(name.count, 2) + little(entry.extra.count, 2)
      archive += name + entry.extra + entry.stored + entry.behind
      directory += little(0x0201_4b50, 4) + little(20, 2) + little(20, 2) + little(entry.flags, 2)
      directory += little(entry.method, 2) + little(0, 4) + little(entry.crc, 4) + little(entry.compressed, 4)
      directory += little(entry.size, 4) + little(entry.name.count, 2) + little(0, 12) + little(start, 4) + entry.name
    }
    archive += gap
    let total = count ?? entries.count
    let end =
      little(0x0605_4b50, 4) + little(disk, 2) + little(disk, 2) + little(countHere ?? total, 2) + little(total, 2)
      + little(directorySize ?? directory.count, 4) + little(directoryStart ?? archive.count, 4)
    return archive + directory + tail + end + little(commentLength ?? comment.count, 2) + comment
  }
}
