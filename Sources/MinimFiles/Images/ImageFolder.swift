/// Folders of small pictures as data sets.
package enum ImageFolder {
  /// The most pictures, over all classes.
  package static let maximumFiles = 1 << 16
  /// The most pixels of a picture along each side.
  package static let maximumSide = 256
  /// The most bytes of a file: many times what a picture of that size needs.
  package static let maximumBytes = 4 << 20

  /// Reads pictures, [count, height, width], of values 0...255.
  ///
  /// Reads the files `*.png` of the folder, in the order of the bytes of their names; other and hidden files are
  /// skipped. If there are none, every sub-folder that has some is a class, in the same order, and `labels` are the
  /// numbers of the classes from 0; otherwise `labels` is nil and `classNames` is empty. Colors become gray by the luma
  /// of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, rounded; transparent pixels are blended with white.
  ///
  /// - Parameter limit: the most pictures; more are refused before any is read.
  package static func read(
    _ path: String, store: FileStore = FileStore(), limit: Int = maximumFiles
  ) throws -> Content {
    let names = try store.list(path).filter { !$0.hasPrefix(".") }
    let files = pictures(names, in: path, store)
    if !files.isEmpty {
      let folders = try names.filter { name in
        let folder = Path.join(path, name)
        guard store.isFolder(folder) else { return false }
        return !pictures(try store.list(folder), in: folder, store).isEmpty
      }
      let all = try images(files, path, store, limit)
      return Content(images: all.array, labels: nil, classNames: [], ignoredFolders: folders, colored: all.colored)
    }
    var classes: [(name: String, files: [String])] = []
    for name in names where store.isFolder(Path.join(path, name)) {
      let folder = Path.join(path, name)
      let files = pictures(try store.list(folder), in: folder, store)
      if !files.isEmpty { classes.append((name, files)) }
    }
    guard !classes.isEmpty else {
      throw DataFileError(file: path, reason: "no picture found: neither *.png here nor */*.png in its folders")
    }
    let labels = classes.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element.files.count) }
    let all = try images(classes.flatMap(\.files), path, store, limit)
    return Content(
      images: all.array, labels: labels, classNames: classes.map(\.name), ignoredFolders: [], colored: all.colored)
  }

  /// What a folder has.
  package struct Content: Sendable {
    /// [count, height, width], of values 0...255.
    package let images: NumericArray
    /// The class of each picture; nil if the pictures lie in the folder itself.
    package let labels: [Int]?
    /// The names of the classes.
    package let classNames: [String]
    /// The sub-folders with pictures that were not read, because there are pictures next to them.
    package let ignoredFolders: [String]
    /// The number of pictures with colors, which became gray.
    package let colored: Int
  }

  /// Reads one picture, [height, width], in the way in which those of a folder are read.
  package static func picture(_ path: String, store: FileStore = FileStore()) throws -> NumericArray {
    let image = try image(path, store)
    var values: [Float] = []
    _ = append(image, to: &values)
    return NumericArray(shape: [image.height, image.width], values: values)
  }

  /// The paths of the names that are pictures.
  private static func pictures(_ names: [String], in folder: String, _ store: FileStore) -> [String] {
    names.filter { !$0.hasPrefix(".") && $0.lowercased().hasSuffix(".png") }
      .map { Path.join(folder, $0) }.filter { !store.isFolder($0) }
  }

  private static func images(
    _ files: [String], _ folder: String, _ store: FileStore, _ limit: Int
  ) throws -> (array: NumericArray, colored: Int) {
    guard files.count <= limit else {
      throw DataFileError(
        file: folder, reason: "it has \(files.count) pictures; at most \(limit) are read. Use an .npy file"
      )
    }
    let first = try image(files[0], store)  // No caller passes an empty list.
    let (width, height) = (first.width, first.height)
    let shape = [files.count, height, width]
    var values: [Float] = []
    values.reserveCapacity(try DataLimits.count(of: shape, file: folder))
    var colored = append(first, to: &values) ? 1 : 0
    for file in files.dropFirst() {
      let image = try image(file, store)
      guard image.width == width, image.height == height else {
        throw DataFileError(
          file: file,
          reason: "it has \(image.width) x \(image.height) pixels, but \(files[0]) has \(width) x \(height); "
            + "all pictures must have the same size")
      }
      if append(image, to: &values) { colored += 1 }
    }
    return (NumericArray(shape: shape, values: values), colored)
  }

  private static func image(_ file: String, _ store: FileStore) throws -> Image {
    let bytes = try store.read(file, limit: maximumBytes)
    let image: Image
    do throws(PNGError) {
      image = try PNG.decode(bytes, maximumPixels: maximumSide * maximumSide).image
    } catch {
      throw DataFileError(file: file, reason: "cannot be read as a picture: \(error)")
    }
    guard image.width <= maximumSide, image.height <= maximumSide else {
      throw DataFileError(
        file: file,
        reason: "it has \(image.width) x \(image.height) pixels; at most \(maximumSide) x \(maximumSide) are read")
    }
    return image
  }

  /// Appends the gray values of a picture.
  ///
  /// - Returns: whether it has colors.
  private static func append(_ image: Image, to values: inout [Float]) -> Bool {
    guard image.channels == 3 else {
      values.append(contentsOf: image.pixels.lazy.map { Float($0) })
      return false
    }
    var hasColors = false
    for start in stride(from: 0, to: image.pixels.count, by: 3) {
      let (red, green, blue) = (image.pixels[start], image.pixels[start + 1], image.pixels[start + 2])
      // In whole numbers, so that a gray color keeps its value and nothing depends on how sums are rounded.
      values.append(Float((299 * Int(red) + 587 * Int(green) + 114 * Int(blue) + 500) / 1000))
      if red != green || green != blue { hasColors = true }
    }
    return hasColors
  }
}
