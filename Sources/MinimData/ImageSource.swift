import MinimConfiguration
import MinimFiles

/// Images from a file or a folder: read, reduced in size, cut at a threshold, and split.
struct ImageSource: Sendable {
  /// The treatment of a file's values.
  private enum Values: String, CaseIterable, Sendable {
    /// 0 and 1, by the threshold.
    case binary
    /// Whole numbers as they are.
    case gray
  }

  /// A file, "FILE.npz:NAME" for one array of an archive, or a folder of PNGs.
  private let path: String
  /// The file of labels; nil for none besides those of a folder's sub-folders.
  private let labelPath: String?
  /// Rows and columns of an image, if the file has each image in one line; nil if the file states them.
  private let shape: [Int]?
  /// Rows and columns to average images down to; nil for none.
  private let size: [Int]?
  /// The smallest value that counts as on, in the file's own units; nil for halfway between the smallest and the
  /// largest value, after averaging if images are reduced.
  private let threshold: Double?
  /// The number of levels if the values stay as they are; nil if a threshold cuts them.
  private let levels: Int?
  private let shares: ContentSplit

  /// Reads the section "data" of a user's own images.
  init(_ section: ConfigurationSection) {
    func extents(_ key: String, _ help: String) -> [Int]? {
      let extents = section.integers(key, default: [], in: 1...256, help)
      if extents.isEmpty { return nil }
      if extents.count != 2 { section.report(key, "expected rows and columns, such as [8, 8]") }
      return extents.count == 2 ? extents : nil
    }
    path = section.string(
      "path", default: nil, "A file (npy, npz:NAME, IDX, CSV) or a folder of PNGs, also looked for in data/.")
    labelPath = section.optionalString("labels", "A file with one whole number per image.")
    shape = extents("shape", "Rows and columns of an image, if the file has each image in one line; [] otherwise.")
    size = extents("size", "Rows and columns that images are averaged down to; [] leaves them as they are.")
    threshold = section.optionalNumber(
      "threshold",
      "The smallest value that counts as on, in the file's units; null for halfway between the smallest and largest.")
    levels = nil
    shares = ContentSplit(section.section("split", "The images to hold out, by their content."))
  }

  /// Reads the section "data" of the handwritten digits.
  init(digits section: ConfigurationSection) {
    let side = section.integer("size", default: 8, in: 2...8, "Rows and columns that the 8x8 images are averaged to.")
    path = "digits8.npy"
    labelPath = "digit-labels.npy"
    shape = nil
    size = side == 8 ? nil : [side, side]
    let values = section.choice(
      "values", default: Values.binary, "binary: 0 and 1, cut at the threshold. gray: 0 to 16, as they are.")
    if values == .gray, side != 8 {
      section.report("values", "gray values need \"size\": 8; other sizes average pixels, got \(side)")
    }
    levels = values == .gray ? 17 : nil
    threshold =
      values == .gray
      ? 8
      : section.number(
        "threshold", default: side == 8 ? 8 : 6, in: 0...16, "The smallest value that is on; the digits have 0 to 16.")
    shares = ContentSplit(section.section("split", "The images to hold out, by their content."))
  }

  func load(from folders: [String]) throws -> DataSplit {
    let file = try DataFile(path, in: folders)
    var (gray, labels, classNames) = try file.images(shape: shape)
    if let labelPath {
      (labels, classNames) = try DataFile(labelPath, in: folders).labels(count: gray.count)
    }
    if let size { gray = try gray.averaged(height: size[0], width: size[1], file: file.path) }
    // In the precision of the pixels: with a threshold of 0.7 a value of 0.7 is on, though its Float is slightly less.
    let cut = Float(threshold ?? gray.middle)
    func images(_ detail: String, _ values: [Float]) -> Dataset {
      Dataset(
        name: "\(Path.name(of: path)) \(gray.height)x\(gray.width), \(detail)",
        exampleShape: [gray.height, gray.width, 1], values: values, labels: labels, classes: classNames.count)
    }
    let binary = images("on from \(cut)", gray.values.map { $0 >= cut ? 1 : 0 })
    guard let levels else { return try shares.split(binary, levels: 2, classNames: classNames, file: file.path) }
    try Self.check(gray.values, levels, file: file.path)
    // By the binary images: both variants then hold out the same digits, and their models can be compared.
    return try shares.split(
      images("gray from 0 to \(levels - 1)", gray.values), levels: levels, by: binary, classNames: classNames,
      file: file.path)
  }

  private static func check(_ values: [Float], _ levels: Int, file: String) throws {
    let wrong = values.first { !($0 >= 0 && $0 < Float(levels) && $0 == $0.rounded()) }
    guard let wrong else { return }
    throw DataFileError(
      file: file, reason: "gray digits are whole numbers from 0 to \(levels - 1), but one is \(wrong)")
  }
}
