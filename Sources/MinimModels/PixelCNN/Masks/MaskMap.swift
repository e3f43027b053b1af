/// The view of one pixel of a canvas through a stack of masks, cell by cell, before it is drawn.
public struct MaskMap: Sendable, Hashable {
  /// The relation of a cell of the canvas to the pixel.
  public enum Cell: Sendable, Hashable, CaseIterable {
    /// An earlier pixel that it sees.
    case seen
    /// An earlier pixel that it does not see, so that the model cannot know a dependence on it.
    case blind
    /// The pixel itself, unseen as it must be.
    case itself
    /// The pixel itself or a later one, and seen: the conditionals are not valid, and their product is not a
    /// distribution.
    case leak
    /// A later pixel, unseen as it must be.
    case later
  }

  /// The masks.
  public let stack: MaskStack
  /// Rows and columns of the canvas.
  public let height: Int, width: Int
  /// The index of the pixel in reading order.
  public let pixel: Int
  /// One cell per pixel of the canvas, in reading order.
  public let cells: [Cell]
  /// Whether no pixel of the canvas sees itself or a later one.
  public let isAutoregressive: Bool

  /// Labels have two digits, so a canvas of maps has at most nine rows and nine columns.
  public static let sides = 1...9

  /// Creates the map of one pixel.
  ///
  /// - Precondition: `pixel` is in 0..<height * width.
  public init(_ stack: MaskStack, pixel: Int, height: Int, width: Int) {
    self = Self.all(stack, height: height, width: width)[pixel]
  }

  /// The maps of all pixels in reading order.
  public static func all(_ stack: MaskStack, height: Int, width: Int) -> [MaskMap] {
    let fields = stack.receptiveFields(height: height, width: width)
    let isAutoregressive = fields.enumerated().allSatisfy { pixel, field in field.allSatisfy { $0 < pixel } }
    return fields.enumerated().map { pixel, field in
      MaskMap(
        stack, pixel: pixel, height: height, width: width, field: Set(field), isAutoregressive: isAutoregressive)
    }
  }

  private init(
    _ stack: MaskStack, pixel: Int, height: Int, width: Int, field: Set<Int>, isAutoregressive: Bool
  ) {
    self.stack = stack
    self.height = height
    self.width = width
    self.pixel = pixel
    self.isAutoregressive = isAutoregressive
    cells = (0..<height * width).map { index in
      switch (field.contains(index), index < pixel) {
      case (true, true): .seen
      case (false, true): .blind
      case (true, false): .leak
      case (false, false): index == pixel ? .itself : .later
      }
    }
  }

  /// The label of a pixel: row, then column, both from 1, so that 33 is the center of 5x5.
  public func label(_ index: Int) -> Int { (index / width + 1) * 10 + index % width + 1 }

  /// The index of the pixel with a label; nil if the canvas has no such pixel.
  public static func index(ofLabel label: Int, height: Int, width: Int) -> Int? {
    let (row, column) = (label / 10, label % 10)
    guard (1...height).contains(row), (1...width).contains(column) else { return nil }
    return (row - 1) * width + column - 1
  }

  /// The labels of all cells of some kinds, ascending.
  public func labels(_ kinds: Cell...) -> [Int] {
    cells.indices.filter { kinds.contains(cells[$0]) }.map(label)
  }

  /// Everything that the pixel sees, leaks included.
  public var receptiveField: [Int] { labels(.seen, .leak) }

  /// Whether the pixel sees itself.
  public var seesItself: Bool { cells[pixel] == .leak }
}
