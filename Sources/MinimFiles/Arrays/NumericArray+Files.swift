extension NumericArray {
  /// Reads the array in a user's file: .npy and IDX (both also compressed, .gz), .npz, or a table in text.
  ///
  /// The format is recognized by the content, not by the name; only a table, which has no mark of its own, must be
  /// called .csv, .tsv or .txt.
  ///
  /// - Parameters:
  ///   - member: the array of an .npz file; nil for the only one.
  /// - Throws: ``FileError`` if the system cannot read the file, ``DataFileError`` if its content is wrong.
  package static func read(
    _ path: String, member: String? = nil, store: FileStore = FileStore()
  ) throws -> NumericArray {
    let bytes = try store.read(path, limit: DataLimits.fileBytes)
    if NPZ.magics.contains(where: { bytes.starts(with: $0) }) {
      return try NPZ.decode(bytes, file: path, member: member)
    }
    if let member {
      throw DataFileError(
        file: path,
        reason: "the array \(DataFileError.quoted(member.utf8)) was requested, but only an .npz file has several")
    }
    if bytes.starts(with: NPY.magic) { return try NPY.decode(bytes, file: path) }
    if bytes.starts(with: IDX.gzipMagic) { return try decompressed(bytes, file: path) }
    if IDX.begins(bytes) { return try IDX.decode(bytes, file: path) }
    if isTable(path) { return try CSV.decode(bytes, file: path) }
    throw DataFileError(file: path, reason: "\(problem(bytes)); \(supported)")
  }

  /// The supported formats, for messages.
  private static let supported =
    "supported are .npy, .npy.gz and .npz (NumPy), IDX and IDX.gz (MNIST), .csv, .tsv and .txt (numbers), and folders of .png"

  /// The array in a file compressed by gzip, .npy or IDX: their headers tell the size of the content.
  private static func decompressed(_ bytes: [UInt8], file: String) throws(DataFileError) -> NumericArray {
    let beginning = try Inflate.named(file) { () throws(Inflate.Failure) in
      try Inflate.prefix(bytes[...], .gzip, count: NPY.beginning)
    }
    if beginning.starts(with: NPY.magic) {
      let size = try NPY.layout(beginning, file: file).fileBytes
      let content = try Inflate.named(file) { () throws(Inflate.Failure) in
        try Inflate.all(bytes[...], .gzip, size: size)
      }
      return try NPY.decode(content, file: file)
    }
    guard IDX.begins(beginning) else {
      throw DataFileError(
        file: file, reason: "only .npy and IDX are read from a .gz file. Decompress it first: gunzip --keep FILE")
    }
    return try IDX.decode(bytes, file: file)
  }

  /// Whether bytes begin like a format that has a mark of its own.
  static func hasFormat(_ bytes: [UInt8]) -> Bool {
    NPZ.magics.contains { bytes.starts(with: $0) } || bytes.starts(with: NPY.magic)
      || bytes.starts(with: IDX.gzipMagic) || IDX.begins(bytes)
  }

  /// Whether a file is called like a table in text.
  package static func isTable(_ path: String) -> Bool {
    let name = Path.name(of: path).lowercased()
    return [".csv", ".tsv", ".txt"].contains { name.hasSuffix($0) }
  }

  private static func problem(_ bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "the file is empty" }
    if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) { return "this is one picture; give the folder of all of them" }
    return "unknown format; it begins with \(DataFileError.quoted(bytes, limit: 8))"
  }
}
