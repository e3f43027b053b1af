/// Lines of text that can stand beside other lines: each knows how wide it looks, whatever codes of colors it holds.
package struct TextBlock {
  package var lines: [(width: Int, text: String)]

  package init(lines: [(width: Int, text: String)]) { self.lines = lines }

  /// Lines without codes.
  package init(_ texts: [String]) { lines = texts.map { ($0.count, $0) } }

  package var width: Int { lines.map(\.width).max() ?? 0 }

  /// One above the other.
  package static func + (upper: TextBlock, lower: TextBlock) -> TextBlock {
    TextBlock(lines: upper.lines + lower.lines)
  }

  /// Blocks side by side, their last lines level, in as few rows as `width` allows; between rows of several lines stands
  /// an empty one.
  ///
  /// - Parameter isBalanced: whether the rows shall be about equally long rather than the first ones full.
  package static func lines(_ blocks: [TextBlock], width: Int, gap: Int, isBalanced: Bool = true) -> [String] {
    let widest = blocks.map(\.width).max() ?? 0
    let rows = isBalanced ? blocks.balanced(atMost: (width + gap) / (widest + gap)) : filled(blocks, width, gap)
    let columns = isBalanced ? (0..<(rows.first?.count ?? 0)).map { _ in widest } : nil
    var result: [String] = []
    for row in rows {
      let height = row.map(\.lines.count).max() ?? 0
      if !result.isEmpty, height > 1 { result.append("") }
      result += (0..<height).map { line in
        var text = ""
        var (shown, start) = (0, 0)
        for (index, block) in row.enumerated() {
          let offset = line - (height - block.lines.count)
          if offset >= 0, block.lines[offset].width > 0 {
            text += String(repeating: " ", count: start - shown) + block.lines[offset].text
            shown = start + block.lines[offset].width
          }
          start += (columns?[index] ?? block.width) + gap
        }
        return text
      }
    }
    return result
  }

  /// Rows filled like a text.
  private static func filled(_ blocks: [TextBlock], _ width: Int, _ gap: Int) -> [[TextBlock]] {
    var rows: [[TextBlock]] = []
    var used = 0
    for block in blocks {
      if rows.isEmpty || used + gap + block.width > width {
        rows.append([block])
        used = block.width
      } else {
        rows[rows.count - 1].append(block)
        used += gap + block.width
      }
    }
    return rows
  }
}
