import MinimConfiguration
import MinimFiles

/// Images from a file or a folder: read, reduced in size, kept as they are or cut at a threshold, and split.
struct ImageSource: Sendable {
  /// The treatment of a file's values.
  private enum Values: String, CaseIterable, Sendable {
    /// As they are, or in fewer levels.
    case gray
    /// 0 and 1, by the threshold.
    case binary
  }

  /// A file, "FILE.npz:NAME" for one array of an archive, or a folder of PNGs.
  private let path: String
  /// The file of labels; nil for none besides those of a folder's sub-folders.
  private let labelPath: String?
  /// Whether the first line of a table names its columns; nil to decide by the lines.
  private let header: Bool?
  /// Rows and columns of an image, if the file has each image in one line; nil if the file states them.
  private let shape: [Int]?
  /// Rows and columns to average images down to; nil for none.
  private let size: [Int]?
  private let values: Values
  /// The smallest value that counts as on, in the file's own units; nil for halfway between the smallest and the
  /// largest value, after averaging if images are reduced.
  private let threshold: Double?
  /// The number of levels of gray images; nil for those that they have.
  private let levels: Int?
  /// Whether gray images are split like the binary ones.
  private let splitsByBinary: Bool
  /// The range of the file's values; nil for any.
  private let range: ClosedRange<Float>?
  private let shares: ContentSplit

  /// Reads the section "data" of a user's own images.
  init(_ section: ConfigurationSection) {
    path = section.string(
      "path", default: nil, affectsResult: false,
      "A file (npy, npz:NAME, IDX, CSV) or a folder of PNGs, also looked for in data/.")
    labelPath = section.optionalString("labels", affectsResult: false, "A file with one whole number per image.")
    header = section.header()
    shape = section.optionalExtents(
      "shape", in: 1...256, "Rows and columns of an image, if the file has each image in one line.")
    size = section.optionalExtents(
      "size", in: 1...256, "Rows and columns that images are averaged to, or one number for both; null: as they are.")
    values = section.choice(
      "values", default: section.isGiven("threshold") ? .binary : .gray,
      "gray: as they are. binary: 0 and 1, cut at the threshold; the default if that is given.")
    threshold =
      values == .binary
      ? section.optionalNumber(
        "threshold",
        "The smallest value that is on, in the file's units; null: halfway between the smallest and the largest.")
      : nil
    levels = values == .gray ? Self.levels(section) : nil
    splitsByBinary = false
    range = nil
    shares = ContentSplit(section.section("split", "The images to hold out, by their content."))
  }

  /// Reads the section "data" of the handwritten digits.
  init(digits section: ConfigurationSection) {
    path = "digits8.npy"
    labelPath = "digit-labels.npy"
    (header, shape) = (nil, nil)
    let extents = section.extents(
      "size", default: [8, 8], in: 2...8,
      "Rows and columns that the 8x8 images are averaged to, or one number for both.")
    size = extents == [8, 8] ? nil : extents
    values = section.choice(
      "values", default: Values.binary, "binary: 0 and 1, cut at the threshold. gray: 0 to 16, as they are.")
    let usual = size == nil ? 8.0 : 6
    threshold =
      values == .gray
      ? usual
      : section.number(
        "threshold", default: usual, in: 0...16, "The smallest value that is on; the digits have 0 to 16.")
    levels = values == .gray ? Self.levels(section) : nil
    splitsByBinary = true
    range = 0...16
    shares = ContentSplit(section.section("split", "The images to hold out, by their content."))
  }

  /// Checks that a file has the values that it is known for.
  private func checkRange(_ images: GrayImages, file: String) throws(DataFileError) {
    guard let range, let wrong = images.values.first(where: { !range.contains($0) || $0 != $0.rounded() }) else {
      return
    }
    throw DataFileError(
      file: file,
      reason: "expected whole numbers from \(Int(range.lowerBound)) to \(Int(range.upperBound)), but one is \(wrong)")
  }

  private static func levels(_ section: ConfigurationSection) -> Int? {
    section.optionalInteger(
      "levels", in: 2...256, "The number of levels that gray values are rounded down to; null: as many as they have.")
  }
}

extension ImageSource: DataSource {
  /// Whether `load` returns other data for another seed: never.
  var dependsOnSeed: Bool { false }

  /// Returns images from files, split by their content.
  func load(from folders: [String], seed: UInt64) throws -> DataSplit {
    let file = try DataFile(path, in: folders)
    var content = try reduced(file, header: header)
    if let labelPath {
      (content.labels, content.classNames) =
        try DataFile(labelPath, in: folders, key: "labels").labels(count: content.gray.count)
    }
    return try values == .binary ? binarySplit(content, file: file.path) : graySplit(content, file: file.path)
  }

  // MARK: Values

  /// The images cut at the threshold.
  private func binarySplit(_ content: DataFile.Images, file: String) throws -> DataSplit {
    let cut = Threshold(threshold, for: content.gray)
    let binary = binary(content, cut)
    var notes = content.notes
    if let problem = cut.problem { notes.remarks.append(problem) }
    let split: DataSplit
    do {
      split = try shares.split(binary, by: .binary(binary), levels: 2, classNames: content.classNames, file: file)
    } catch let error as DataFileError {
      // Images that the cut has made equal are not split: the cut is the reason to tell first.
      throw cut.problem.map { DataFileError(file: file, reason: "\($0) So \(error.reason)") } ?? error
    }
    return split.with(reading: notes, reader: reader(like: binary) { other, _ in other.map(cut.value) })
  }

  /// The images in their gray values, or in levels of them.
  private func graySplit(_ content: DataFile.Images, file: String) throws -> DataSplit {
    let shades = try GrayLevels(content.gray, levels: levels, file: file)
    let data = images(content, shades.description, shades.value)
    // Both variants of the digits, and of images of two levels, hold out the same ones, so their models can be compared.
    let isSplitByBinary = splitsByBinary || shades.levels == 2
    let split = try shares.split(
      data, by: isSplitByBinary ? .binary(binary(content, Threshold(threshold, for: content.gray))) : .values,
      levels: shades.levels, classNames: content.classNames, file: file)
    // Shares of white are what nets see anyway.
    let scaled = shades.range == 0...1 ? split : split.with(scaling: Scaling(shades.range, count: data.exampleCount))
    return scaled.with(
      reading: content.notes,
      reader: reader(like: data) { other, file in
        try shades.check(other, file: file)
        return other.map(shades.value)
      })
  }

  private func binary(_ content: DataFile.Images, _ cut: Threshold) -> Dataset {
    images(content, "on from \(cut.least)", cut.value)
  }

  private func images(_ content: DataFile.Images, _ detail: String, _ value: (Float) -> Float) -> Dataset {
    let gray = content.gray
    return Dataset(
      name: "\(Path.name(of: path)) \(gray.height)x\(gray.width), \(detail)",
      exampleShape: [gray.height, gray.width, 1], values: gray.values.map(value), labels: content.labels,
      classes: content.classNames.count)
  }

  // MARK: Files

  /// The images of a file in its own units and in the size that is asked for.
  private func reduced(_ file: DataFile, header: Bool?) throws -> DataFile.Images {
    var content = try file.images(shape: shape, header: header)
    try checkRange(content.gray, file: file.path)
    guard let size else { return content }
    let means = try content.gray.averaged(height: size[0], width: size[1], file: file.path)
    // Means of whole numbers need not be whole numbers.
    content.gray = values == .gray && content.gray.isWhole ? means.rounded : means
    return content
  }

  /// Reads other files as this one was read.
  private func reader(
    like data: Dataset, _ values: @escaping @Sendable ([Float], _ file: String) throws -> [Float]
  ) -> @Sendable (String) throws -> Dataset {
    let (source, shape) = (self, data.exampleShape)
    return { path in
      let file = try DataFile(path, in: ["."])
      let gray = try source.reduced(file, header: NumericArray.isTable(path) ? source.header : nil).gray
      guard [gray.height, gray.width, 1] == shape else {
        throw DataFileError(
          file: file.path, reason: "expected images of \(shape[0])x\(shape[1]), found \(gray.height)x\(gray.width)")
      }
      return Dataset(name: path, exampleShape: shape, values: try values(gray.values, file.path))
    }
  }
}
