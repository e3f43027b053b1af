import MinimFiles
import MinimTraining

/// A part of a picture that knows its size in pixels and can be drawn anywhere: pictures are composed of smaller ones.
struct Figure {
  let width: Int
  let height: Int
  let draw: (_ canvas: inout Canvas, _ x: Int, _ y: Int) -> Void

  /// Lines of text, each in its colour; no line is lost for being wider than `width`.
  static func text(_ lines: [(String, Image.Color)], scale: Int, width: Int = 0) -> Figure {
    let pitch = 11 * scale
    let longest = lines.map { Canvas.width(of: $0.0, scale: scale) }.max() ?? 0
    return Figure(width: max(width, longest), height: lines.count * pitch) { canvas, x, y in
      for (index, line) in lines.enumerated() { canvas.text(line.0, x: x, y: y + index * pitch, scale: scale, line.1) }
    }
  }

  /// One below the other, at the left.
  static func column(_ figures: [Figure], gap: Int) -> Figure {
    let height = figures.map(\.height).reduce(0, +) + gap * max(0, figures.count - 1)
    return Figure(width: figures.map(\.width).max() ?? 0, height: height) { canvas, x, y in
      var top = y
      for figure in figures {
        figure.draw(&canvas, x, top)
        top += figure.height + gap
      }
    }
  }

  /// Side by side, at the top.
  static func row(_ figures: [Figure], gap: Int) -> Figure {
    let width = figures.map(\.width).reduce(0, +) + gap * max(0, figures.count - 1)
    return Figure(width: width, height: figures.map(\.height).max() ?? 0) { canvas, x, y in
      var left = x
      for figure in figures {
        figure.draw(&canvas, left, y)
        left += figure.width + gap
      }
    }
  }

  /// Rows of as many figures as fit `width`, at least one; the rows are about equally full.
  static func grid(_ figures: [Figure], width: Int, gap: Int, rowGap: Int) -> Figure {
    let widest = figures.map(\.width).max() ?? 0
    let rows = figures.balanced(atMost: (width + gap) / (widest + gap))
    return column(rows.map { row($0, gap: gap) }, gap: rowGap)
  }

  /// Rows filled like a text, each to at most `width`.
  static func flow(_ figures: [Figure], width: Int, gap: Int, rowGap: Int) -> Figure {
    var rows: [[Figure]] = []
    for figure in figures {
      if let last = rows.last, row(last + [figure], gap: gap).width <= width {
        rows[rows.count - 1].append(figure)
      } else {
        rows.append([figure])
      }
    }
    return column(rows.map { row($0, gap: gap) }, gap: rowGap)
  }

  /// The picture: this figure on white with a margin.
  func image(margin: Int) -> Image {
    var canvas = Canvas(width: width + 2 * margin, height: height + 2 * margin)
    draw(&canvas, margin, margin)
    return canvas.image
  }
}

extension Array {
  /// The elements in as few rows as `limit` a row allows (at least one), of lengths that differ little: 4 by at most 3 are
  /// 2 and 2.
  func balanced(atMost limit: Int) -> [[Element]] {
    let rows = (count + Swift.max(1, limit) - 1) / Swift.max(1, limit)
    guard rows > 0 else { return [] }
    let length = (count + rows - 1) / rows
    return stride(from: 0, to: count, by: length).map { Array(self[$0..<Swift.min(count, $0 + length)]) }
  }
}
