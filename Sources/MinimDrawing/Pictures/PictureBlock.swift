import MinimFiles

/// A part of a picture that knows its size in pixels and can be drawn anywhere. Pictures are composed of such parts.
package struct PictureBlock {
  package let width: Int
  package let height: Int
  package let draw: (_ canvas: inout Canvas, _ x: Int, _ y: Int) -> Void

  package init(width: Int, height: Int, draw: @escaping (_ canvas: inout Canvas, _ x: Int, _ y: Int) -> Void) {
    self.width = width
    self.height = height
    self.draw = draw
  }

  /// Lines of text, each in its color. The block is at least `width` wide, and wider if a line needs it.
  ///
  /// - Parameter size: the size of the letters, in pixels.
  package static func text(_ lines: [(String, Image.Color)], size: Double, width: Int = 0) -> PictureBlock {
    let pitch = Canvas.pitch(size)
    let longest = lines.map { Canvas.width(of: $0.0, size: size) }.max() ?? 0
    return PictureBlock(width: max(width, longest), height: lines.count * pitch) { canvas, x, y in
      for (index, line) in lines.enumerated() { canvas.text(line.0, x: x, y: y + index * pitch, size: size, line.1) }
    }
  }

  /// Blocks one below the other, aligned at the left.
  package static func column(_ blocks: [PictureBlock], gap: Int) -> PictureBlock {
    let height = blocks.map(\.height).reduce(0, +) + gap * max(0, blocks.count - 1)
    return PictureBlock(width: blocks.map(\.width).max() ?? 0, height: height) { canvas, x, y in
      var top = y
      for block in blocks {
        block.draw(&canvas, x, top)
        top += block.height + gap
      }
    }
  }

  /// Blocks side by side, aligned at the top.
  package static func row(_ blocks: [PictureBlock], gap: Int) -> PictureBlock {
    let width = blocks.map(\.width).reduce(0, +) + gap * max(0, blocks.count - 1)
    return PictureBlock(width: width, height: blocks.map(\.height).max() ?? 0) { canvas, x, y in
      var left = x
      for block in blocks {
        block.draw(&canvas, left, y)
        left += block.width + gap
      }
    }
  }

  /// Rows of as many blocks as fit `width`, at least one per row; the rows are about equally full.
  package static func grid(_ blocks: [PictureBlock], width: Int, gap: Int, rowGap: Int) -> PictureBlock {
    let widest = blocks.map(\.width).max() ?? 0
    let rows = blocks.balanced(atMost: (width + gap) / (widest + gap))
    return column(rows.map { row($0, gap: gap) }, gap: rowGap)
  }

  /// Rows filled like text, each at most `width` wide.
  package static func flow(_ blocks: [PictureBlock], width: Int, gap: Int, rowGap: Int) -> PictureBlock {
    var rows: [[PictureBlock]] = []
    for block in blocks {
      if let last = rows.last, row(last + [block], gap: gap).width <= width {
        rows[rows.count - 1].append(block)
      } else {
        rows.append([block])
      }
    }
    return column(rows.map { row($0, gap: gap) }, gap: rowGap)
  }

  /// The block as an image, on white with a margin.
  package func image(margin: Int) -> Image {
    var canvas = Canvas(width: width + 2 * margin, height: height + 2 * margin)
    draw(&canvas, margin, margin)
    return canvas.image
  }
}

extension Array {
  /// The elements in as few rows as possible with at most `limit` per row (at least one), of similar lengths: 4
  /// elements with a limit of 3 become 2 and 2.
  package func balanced(atMost limit: Int) -> [[Element]] {
    let rows = (count + Swift.max(1, limit) - 1) / Swift.max(1, limit)
    guard rows > 0 else { return [] }
    let length = (count + rows - 1) / rows
    return stride(from: 0, to: count, by: length).map { Array(self[$0..<Swift.min(count, $0 + length)]) }
  }
}
