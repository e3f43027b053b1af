import MinimFiles

/// A file or a folder that a config names, found and read as images or as labels.
struct DataFile {
  let path: String
  /// The array's name, if the file is an archive.
  private let member: String?

  /// Finds a file in the first of `folders` that has it; "FILE.npz:NAME" names an array of an archive.
  ///
  /// - Throws: `FileError` with exit code 66 if none has it.
  init(_ name: String, in folders: [String]) throws {
    guard !name.isEmpty else {
      throw FileError(
        .open, "\"\"", reason: "expected the name of a file or folder, as \"data.path\"", exit: .missingInput)
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

  /// The images of a file or folder, with the labels given by a folder's sub-folders.
  ///
  /// - Parameter shape: rows and columns of an image, if the file has each image in one line.
  func images(shape: [Int]?) throws -> (GrayImages, labels: [Int], classNames: [String], remarks: [String]) {
    if FileStore().isFolder(path) {
      let folder = try ImageFolder.read(path, store: FileStore())
      return (try images(folder.images, shape: nil), folder.labels ?? [], folder.classNames, Self.remarks(folder))
    }
    return (try images(try NumericArray.read(path, member: member), shape: shape), [], [], [])
  }

  private static func remarks(_ folder: ImageFolder.Content) -> [String] {
    var remarks: [String] = []
    if folder.colored > 0 {
      let count = folder.images.shape[0]
      remarks.append(
        "\(folder.colored) of \(count) \(count == 1 ? "picture" : "pictures") had colors, which became gray: "
          + "0.299 red + 0.587 green + 0.114 blue.")
    }
    if !folder.ignoredFolders.isEmpty {
      let names = folder.ignoredFolders.prefix(5).joined(separator: ", ")
      remarks.append(
        "The pictures in \(names)\(folder.ignoredFolders.count > 5 ? ", ..." : "") were not read, since there are pictures "
          + "next to these folders. For classes, move all pictures into folders.")
    }
    return remarks
  }

  /// The rows of a file.
  func table(_ choice: ColumnChoice) throws -> NumericTable {
    guard !FileStore().isFolder(path) else {
      throw failure("expected a file of rows, found a folder. For a folder of PNGs take \"data.name\": \"images\"")
    }
    let path = path
    return try NumericTable.read(path, member: member) { names throws(DataFileError) in
      try choice.selection(of: names, file: path)
    }
  }

  private func images(_ array: NumericArray, shape: [Int]?) throws -> GrayImages {
    let extents = array.shape
    let size: (height: Int, width: Int)
    switch (extents.count, shape) {
    case (2, let shape?):
      guard shape[0] * shape[1] == extents[1] else {
        throw failure("it has \(extents[1]) values per line, \"data.shape\" says \(shape[0])x\(shape[1])")
      }
      size = (shape[0], shape[1])
    case (2, nil): size = try square(extents[1])
    case (3, nil): size = (extents[1], extents[2])
    case (4, nil) where extents[3] == 1: size = (extents[1], extents[2])
    case (3..., _?): throw failure("its images already have the shape \(extents.dropFirst()): leave \"data.shape\" out")
    default: throw failure("expected images, [count, rows, columns] or [count, values], found the shape \(extents)")
    }
    guard size.height > 0, size.width > 0, size.height <= 256, size.width <= 256, extents[0] > 0 else {
      throw failure("expected at least one image of 1x1 to 256x256 pixels, found the shape \(extents)")
    }
    return GrayImages(height: size.height, width: size.width, values: array.values)
  }

  private func square(_ count: Int) throws -> (Int, Int) {
    let side = Int(Double(count).squareRoot().rounded())
    guard side * side == count else {
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
