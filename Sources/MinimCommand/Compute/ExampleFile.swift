import MinimData
import MinimFiles

/// Examples in a user's file: .npy, .npz, IDX or a table in the units of a run's data or of its file, or pictures, whose
/// gray levels from black to white become these units.
struct ExampleFile {
  private let path: String
  /// The content, or the reason why it is not an array of numbers.
  private let content: Result<NumericArray, any Error>
  /// The value of white in pictures; nil if the values are not those of pictures.
  private let white: Float?
  /// The name of each example's class, if the file is a folder with a folder for each class.
  let classNames: [String]?

  /// Reads a file or folder.
  ///
  /// - Throws: `FileError` if the system cannot read it, `DataFileError` if its content is wrong.
  init(_ path: String) throws {
    self.path = path
    let store = FileStore()
    if store.isFolder(path) {
      let folder = try ImageFolder.read(path)
      (content, white) = (.success(folder.images), folder.white)
      classNames = folder.labels?.map { folder.classNames[$0] }
    } else if path.lowercased().hasSuffix(".png") {
      let picture = try ImageFolder.picture(path)
      (content, white, classNames) = (.success(picture.values), picture.white, nil)
    } else {
      // A table may have columns of words that the run does not read.
      (content, white, classNames) = (Result { try NumericArray.read(path) }, nil, nil)
    }
  }

  /// The content as it is.
  private var array: NumericArray { get throws { try content.get() } }

  /// The examples, row-major, in the units of some data: as they are if that is what they fit, otherwise read as the file of
  /// the data was read, with its columns, size, threshold or levels. A table of rows is always read by its columns.
  ///
  /// - Returns: the examples, and whether they were read like the data's file.
  /// - Throws: `DataFileError` if they fit neither way.
  func examples(like data: DataSplit) throws -> (values: [Float], areRead: Bool) {
    let isTable = data.exampleShape.count == 1 && NumericArray.isTable(path)
    if let reader = data.reader, white == nil {
      if isTable { return (try reader(path).values, true) }
      if let own = try? asTheyAre(like: data) { return (own, false) }
      return (try reader(path).values, true)
    }
    return (try asTheyAre(like: data), false)
  }

  private func asTheyAre(like data: DataSplit) throws -> [Float] {
    let (shape, array) = (data.exampleShape, try array)
    guard Self.hasShape(array.shape, of: shape) else {
      let size = Self.withoutChannel(shape)
      let extents = size.map(String.init).joined(separator: ", ")
      let flat = size.count > 1 ? " or [count, \(shape.reduce(1, *))]" : ""
      throw failure(
        "expected examples like those of the run, [count, \(extents)]\(flat); found the shape \(array.shape)")
    }
    return try values(like: data)
  }

  /// The first rows of one image, in the units of some data.
  ///
  /// - Parameter rows: the number of rows; nil for all rows of an image that has fewer than the data, or else half of
  ///   them.
  /// - Throws: `DataFileError` if it is not an image of that width, or if a value is not one of the data.
  func rows(_ rows: Int?, like data: DataSplit) throws -> [Float] {
    let shape = data.exampleShape
    guard shape.count == 3 else { throw failure("only images are completed, and the run's data are \(data.name)") }
    let (height, width) = (shape[0], shape[1])
    let array = try array
    let own = Self.image(array.shape)
    guard own.count == 2, own[1] == width, own[0] <= height else {
      throw failure("expected one image of \(height)x\(width), or its first rows; found the shape \(array.shape)")
    }
    let count = rows ?? (own[0] < height ? own[0] : height / 2)
    guard count <= own[0] else { throw failure("expected at least the \(count) given rows, found \(own[0])") }
    return Array(try values(like: data).prefix(count * width))
  }

  /// Rows and columns of an array that holds one image, with its channel and its number or without.
  private static func image(_ shape: [Int]) -> [Int] {
    var shape = shape
    if shape.count == 4, shape[3] == 1 { shape.removeLast() }
    if shape.count == 4, shape[1] == 1 { shape.remove(at: 1) }
    if shape.count == 3, shape[0] == 1 { shape.removeFirst() }
    if shape.count == 3, shape[2] == 1 { shape.removeLast() }
    return shape
  }

  private static func withoutChannel(_ shape: [Int]) -> [Int] {
    shape.count == 3 && shape[2] == 1 ? Array(shape.dropLast()) : shape
  }

  /// Whether an array has any number of examples of a shape, or is one.
  private static func hasShape(_ array: [Int], of example: [Int]) -> Bool {
    let plain = withoutChannel(example)
    // A single channel may be last, first or not there.
    let forms = [example, plain, [1] + plain, [example.reduce(1, *)]]
    return forms.contains { array == $0 || array.dropFirst() == $0[...] } || (example == [1] && array.count == 1)
  }

  // MARK: - Units

  private func values(like data: DataSplit) throws -> [Float] {
    let array = try array
    guard let levels = data.knownLevels else {
      guard white == nil else { throw failure("pictures have gray levels, and the run's data are \(data.name)") }
      return array.values
    }
    if let white { return array.values.map { ($0 / white * Float(levels - 1)).rounded() } }
    let wrong = array.values.firstIndex { !($0 >= 0 && $0 < Float(levels) && $0 == $0.rounded()) }
    guard let wrong else { return array.values }
    let expected = levels == 2 ? "0 and 1" : "whole numbers from 0 to \(levels - 1)"
    throw failure(
      "expected the values of the run's data, \(expected); value \(wrong + 1) of \(array.values.count) is "
        + "\(array.values[wrong])")
  }

  private func failure(_ reason: String) -> DataFileError { DataFileError(file: path, reason: reason) }
}
