import MinimFiles

/// A file or a folder that a config names, found and read as images or as labels.
struct DataFile {
  let path: String
  /// The array's name, if the file is an archive.
  private let member: String?

  /// Finds a file in the first of `folders` that has it; "FILE.npz:NAME" names an array of an archive.
  ///
  /// - Parameter key: the key that names it, for errors.
  /// - Throws: `FileError` with exit code 66 if none has it.
  init(_ name: String, in folders: [String], key: String = "path") throws {
    guard !name.isEmpty else {
      throw FileError(
        .open, "\"\"", reason: "expected the name of a file or folder, as \"data.\(key)\"", exit: .missingInput)
    }
    let store = FileStore()
    var (file, member) = (name, String?.none)
    if let mark = name.firstRange(of: ".npz:"), mark.upperBound < name.endIndex {
      (file, member) = (String(name[..<mark.upperBound].dropLast()), String(name[mark.upperBound...]))
    }
    let places = name.hasPrefix("/") ? [file] : folders.map { Path.join($0, file) }
    guard let found = places.first(where: { store.exists($0) }) else {
      throw FileError(
        .open, file, reason: "there is no such file or folder; looked for \(places.joined(separator: ", "))",
        exit: .missingInput)
    }
    path = found
    self.member = member
  }

  /// Images with what their file or folder says about them.
  struct Images {
    var gray: GrayImages
    /// The class of each, given by a folder's sub-folders; empty for none.
    var labels: [Int] = []
    var classNames: [String] = []
    let notes: ReadingNotes
  }

  /// The images of a file or folder.
  ///
  /// - Parameters:
  ///   - shape: rows and columns of an image, if the file has each image in one line.
  ///   - header: whether the first line of a table names its columns; nil to decide by the lines.
  func images(shape: [Int]?, header: Bool?) throws -> Images {
    if FileStore().isFolder(path) {
      let folder = try ImageFolder.read(path, store: FileStore())
      return Images(
        gray: try images(folder.images, shape: nil), labels: folder.labels ?? [], classNames: folder.classNames,
        notes: ReadingNotes(folder))
    }
    let options = CSV.Options(header: header)
    let table = try NumericTable.text(path, member: member, options: options) { names throws(DataFileError) in
      .numbers(names.count)
    }
    if let table {
      return Images(gray: try images(table.array, shape: shape), notes: ReadingNotes(table, header: header))
    }
    return Images(gray: try images(try NumericArray.read(path, member: member), shape: shape), notes: ReadingNotes())
  }

  /// The rows of a file.
  ///
  /// - Parameter header: whether the first line names the columns; nil to decide by the lines.
  func table(_ choice: ColumnChoice, header: Bool?) throws -> NumericTable {
    guard !FileStore().isFolder(path) else {
      throw failure("expected a file of rows, found a folder. For a folder of PNGs take \"data.name\": \"images\"")
    }
    let path = path
    let options = CSV.Options(header: header, names: choice.columns + (choice.label.map { [$0] } ?? []))
    return try NumericTable.read(path, member: member, options: options) { names throws(DataFileError) in
      try choice.selection(of: names, file: path)
    }
  }

  private func images(_ array: NumericArray, shape: [Int]?) throws -> GrayImages {
    let extents = array.shape
    let size: (height: Int, width: Int)
    switch (extents.count, shape) {
    case (2, let shape?):
      guard shape[0] * shape[1] == extents[1] else {
        let advice = shape[0] * shape[1] == extents[1] - 1 ? ". \(Self.labelAdvice)" : ""
        throw failure("it has \(extents[1]) values per line, \"data.shape\" says \(shape[0])x\(shape[1])\(advice)")
      }
      size = (shape[0], shape[1])
    case (2, nil): size = try square(extents[1])
    case (3, nil): size = (extents[1], extents[2])
    case (4, nil) where extents[3] == 1: size = (extents[1], extents[2])
    case (4, nil) where extents[1] == 1: size = (extents[2], extents[3])
    case (3..., _?): throw failure("its images already have the shape \(extents.dropFirst()): leave \"data.shape\" out")
    default:
      throw failure(
        "expected images, [count, rows, columns] with one channel at most, or [count, values], found the shape \(extents)"
      )
    }
    guard size.height > 0, size.width > 0, size.height <= 256, size.width <= 256, extents[0] > 0 else {
      throw failure("expected at least one image of 1x1 to 256x256 pixels, found the shape \(extents)")
    }
    return GrayImages(height: size.height, width: size.width, values: array.values)
  }

  /// What to do if a line has one value too many.
  private static let labelAdvice =
    "If one of them is the class, move that column into a file of its own, and name the file as \"data.labels\""

  private func square(_ count: Int) throws -> (Int, Int) {
    let side = Int(Double(count).squareRoot().rounded())
    guard side * side == count else {
      if side > 1, side * side == count - 1 {
        throw failure("it has \(count) values per line, one more than images of \(side)x\(side). \(Self.labelAdvice)")
      }
      throw failure(
        "it has \(count) values per line, which is not a square: set \"data.shape\": [rows, columns], or "
          + "for rows of numbers \"data.name\": \"vectors\"")
    }
    return (side, side)
  }

  /// Whole numbers as classes: the distinct values in ascending order are classes 0, 1, ...
  ///
  /// - Parameter count: the required number of labels.
  func labels(count: Int) throws -> (labels: [Int], classNames: [String]) {
    let array = try NumericArray.read(path, member: member)
    guard array.values.count == count else {
      throw failure("it has \(array.values.count) labels for \(count) images")
    }
    if let bad = array.values.firstIndex(where: { $0 != $0.rounded() || abs($0) > 1e6 }) {
      throw failure("label \(bad) is \(array.values[bad]): expected whole numbers of at most a million")
    }
    let distinct = Set(array.values).sorted()
    guard distinct.count <= 1000 else { throw failure("it has \(distinct.count) classes; at most 1000 are supported") }
    let numbers = Dictionary(uniqueKeysWithValues: zip(distinct, 0...))
    return (array.values.compactMap { numbers[$0] }, distinct.map { "\(Int($0))" })
  }

  private func failure(_ reason: String) -> DataFileError { DataFileError(file: path, reason: reason) }
}
