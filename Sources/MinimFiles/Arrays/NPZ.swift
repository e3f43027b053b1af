/// Archives of arrays in NumPy's format, as np.savez and np.savez_compressed write them.
package enum NPZ {
  /// The first bytes of a zip archive; an empty one has the second.
  static let magics: [[UInt8]] = [[0x50, 0x4b, 0x03, 0x04], [0x50, 0x4b, 0x05, 0x06]]

  /// Reads one array of the archive in the bytes of a file.
  ///
  /// - Parameters:
  ///   - file: the name for errors.
  ///   - member: the array's name, with or without ".npy"; nil for the only one.
  package static func decode(
    _ bytes: [UInt8], file: String, member: String? = nil
  ) throws(DataFileError) -> NumericArray {
    let archive = try ZIPArchive(bytes, file: file)
    let arrays = archive.entries.filter { $0.name.hasSuffix(suffix) }
    let entry = try choose(member, of: arrays, file: file)
    let array = "\(file), array \(name(entry))"
    // An entry whose header contradicts its size is not inflated: that could be gigabytes of zeros.
    _ = try NPY.layout(archive.beginning(of: entry, count: NPY.beginning), fileBytes: entry.size, file: array)
    return try NPY.decode(archive.content(of: entry), file: array)
  }

  private static let suffix = ".npy"
  /// The most names that a message lists.
  private static let listed = 20

  private static func choose(
    _ member: String?, of arrays: [ZIPArchive.Entry], file: String
  ) throws(DataFileError) -> ZIPArchive.Entry {
    guard let first = arrays.first else {
      throw DataFileError(file: file, reason: "the archive has no array (no entry ends with \(suffix))")
    }
    let names = arrays.prefix(listed).map(name).joined(separator: ", ") + (arrays.count > listed ? ", ..." : "")
    guard let member else {
      guard arrays.count == 1 else {
        throw DataFileError(file: file, reason: "the archive has \(arrays.count) arrays; choose one: \(names)")
      }
      return first
    }
    guard let entry = arrays.first(where: { $0.name == member }) ?? arrays.first(where: { $0.name == member + suffix })
    else {
      throw DataFileError(
        file: file, reason: "the archive has no array \(DataFileError.quoted(member.utf8)); it has \(names)")
    }
    return entry
  }

  /// The name of an array, as NumPy calls it.
  private static func name(_ entry: ZIPArchive.Entry) -> String {
    DataFileError.quoted(entry.name.utf8.dropLast(suffix.utf8.count))
  }
}
