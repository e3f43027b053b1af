import MinimDrawing
import MinimFiles

/// The look of the kinds of cells in a picture. Each differs from the others without its color too.
package enum MaskInk {
  package static let seen = Image.Color(176, 203, 232)
  package static let leak = Image.Color(190, 30, 45)
  package static let note = Image.Color.gray(90)
  private static let leakShade = Image.Color(247, 187, 187)
  private static let hatch = Image.Color.gray(135)
  private static let line = Image.Color.gray(120)

  /// Fills a cell, with the thin line around it.
  package static func fill(_ area: Canvas.Rectangle, _ kind: MaskMap.Cell, on canvas: inout Canvas) {
    switch kind {
    case .seen: canvas.fill(area, seen)
    case .leak: canvas.fill(area, leakShade)
    case .blind: canvas.hatch(area, spacing: area.width > 30 ? 7 : 5, thickness: area.width > 30 ? 2 : 1, hatch)
    case .itself, .later: break
    }
    canvas.frame(area, line)
  }

  /// Draws the bold frame of the pixel, slightly over the edge of its cell.
  package static func frame(_ area: Canvas.Rectangle, _ kind: MaskMap.Cell, on canvas: inout Canvas) {
    let outer = area.inset(by: area.width > 30 ? -1 : 0)
    canvas.frame(outer, thickness: area.width > 30 ? 5 : 3, kind == .leak ? leak : .black)
  }

  /// The color of the number in a cell.
  package static func letter(_ kind: MaskMap.Cell) -> Image.Color {
    switch kind {
    case .later: .gray(125)
    case .leak: leak
    default: .black
    }
  }
}

extension MaskMap.Cell {
  /// The words in legends.
  var words: String {
    switch self {
    case .seen: "seen"
    case .blind: "earlier, blind"
    case .itself: "the pixel"
    case .leak: "sees itself: leak"
    case .later: "later"
    }
  }
}
