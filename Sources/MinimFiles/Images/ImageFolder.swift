/// Folders of small pictures as data sets.
package enum ImageFolder {
  /// The most pictures, over all classes.
  package static let maximumFiles = 1 << 16
  /// The most pixels of a picture along each side.
  package static let maximumSide = 256
  /// The most bytes of a file: many times what a picture of that size needs.
  package static let maximumBytes = 4 << 20

  /// Reads pictures, [count, height, width], of values from 0 to that of white.
  ///
  /// Reads the files `*.png` of the folder, in the order of their names, where numbers count by their value (2.png before
  /// 10.png). If there are none, every sub-folder that has some is a class, in the same order, and `labels` are the numbers
  /// of the classes from 0; otherwise `labels` is nil and `classNames` is empty. What else lies there is not read, and
  /// `leftOut` has its names. Colors become gray (``Raster/gray``); transparent pixels are blended with white. White is 255,
  /// or 65535 if a picture has 16 bits.
  ///
  /// - Parameter limit: the most pictures; more are refused before any is read.
  package static func read(
    _ path: String, store: FileStore = FileStore(), limit: Int = maximumFiles
  ) throws -> Content {
    let listing = try Listing(path, "", store)
    let folders = try listing.folders.map { (name: $0, listing: try Listing(path, $0, store)) }
    var leftOut = LeftOut(hidden: listing.hidden, others: listing.others)
    if !listing.pictures.isEmpty {
      leftOut.folders = folders.filter { !$0.listing.pictures.isEmpty }.map(\.name)
      return try Content(listing.pictures, in: path, labels: nil, classNames: [], leftOut, store, limit)
    }
    let classes = folders.filter { !$0.listing.pictures.isEmpty }
    leftOut.emptyFolders = folders.filter { $0.listing.pictures.isEmpty }.map(\.name)
    leftOut.hidden += folders.flatMap(\.listing.hidden)
    leftOut.others += folders.flatMap(\.listing.others)
    leftOut.deeper = classes.flatMap { name, listing in listing.folders.map { Path.join(name, $0) } }
    guard !classes.isEmpty else {
      let others = leftOut.others.first.map { "; \($0) is of another kind" } ?? ""
      throw DataFileError(
        file: path, reason: "no picture found: neither *.png here nor */*.png in its folders\(others.visible)")
    }
    return try Content(
      classes.flatMap(\.listing.pictures), in: path,
      labels: classes.enumerated().flatMap { label, it in it.listing.pictures.map { _ in label } },
      classNames: classes.map(\.name), leftOut, store, limit)
  }

  /// What a folder has and is not read; names are paths in the folder.
  package struct LeftOut: Equatable, Sendable {
    /// Folders with pictures, because there are pictures next to them.
    package var folders: [String]
    /// Folders without a picture, which are no classes.
    package var emptyFolders: [String]
    /// Folders within classes.
    package var deeper: [String]
    /// Pictures whose names begin with a dot.
    package var hidden: [String]
    /// Files of other kinds.
    package var others: [String]

    package init(
      folders: [String] = [], emptyFolders: [String] = [], deeper: [String] = [], hidden: [String] = [],
      others: [String] = []
    ) {
      (self.folders, self.emptyFolders, self.deeper) = (folders, emptyFolders, deeper)
      (self.hidden, self.others) = (hidden, others)
    }
  }

  /// What a folder has.
  package struct Content: Sendable {
    /// [count, height, width], of values from 0 to that of white.
    package let images: NumericArray
    /// The value of white.
    package let white: Float
    /// The class of each picture; nil if the pictures lie in the folder itself.
    package let labels: [Int]?
    /// The names of the classes.
    package let classNames: [String]
    /// The first and the last picture.
    package let ends: (first: String, last: String)
    /// The number of pictures with colors, which became gray.
    package let colored: Int
    /// The number of pictures of 8 bits among those of 16, whose values were multiplied by 257.
    package let widened: Int
    /// What was not read.
    package let leftOut: LeftOut

    /// Reads pictures.
    ///
    /// - Parameter names: paths in the folder; not empty.
    fileprivate init(
      _ names: [String], in folder: String, labels: [Int]?, classNames: [String], _ leftOut: LeftOut,
      _ store: FileStore, _ limit: Int
    ) throws {
      guard names.count <= limit else {
        throw DataFileError(
          file: folder, reason: "it has \(names.count) pictures; at most \(limit) are read. Use an .npy file")
      }
      let pictures = try PictureFiles(names.map { Path.join(folder, $0) }, folder: folder, store: store)
      (images, white, colored, widened) = (pictures.images, pictures.white, pictures.colored, pictures.widened)
      (self.labels, self.classNames, self.leftOut) = (labels, classNames, leftOut)
      ends = (names[0], names[names.count - 1])
    }
  }

  /// Reads one picture, [height, width], in the way in which those of a folder are read, with the value of white.
  package static func picture(
    _ path: String, store: FileStore = FileStore()
  ) throws -> (values: NumericArray, white: Float) {
    let raster = try PictureFiles.raster(path, store)
    return (NumericArray(shape: [raster.height, raster.width], values: raster.gray), Float(raster.white))
  }

  /// The entries of a folder by their kinds, each in the order of their names, as paths from the folder of all pictures.
  private struct Listing {
    var pictures: [String] = [], folders: [String] = [], hidden: [String] = [], others: [String] = []

    init(_ root: String, _ folder: String, _ store: FileStore) throws {
      let path = folder.isEmpty ? root : Path.join(root, folder)
      for name in try store.list(path).sorted(by: { $0.precedesNaturally($1) }) {
        let isPicture = name.lowercased().hasSuffix(".png")
        let entry = Path.join(folder, name)
        if name.hasPrefix(".") {
          // Other hidden files are the system's own.
          if isPicture { hidden.append(entry) }
        } else if store.isFolder(Path.join(path, name)) {
          folders.append(name)
        } else if isPicture {
          pictures.append(entry)
        } else {
          others.append(entry)
        }
      }
    }
  }
}
