/// Lines of text that can stand next to other lines: each knows its visible width, whatever color codes it contains.
package struct TextBlock {
  package var lines: [(width: Int, text: String)]

  package init(lines: [(width: Int, text: String)]) { self.lines = lines }

  /// Creates a block of lines without color codes.
  package init(_ texts: [String]) { lines = texts.map { ($0.count, $0) } }

  package var width: Int { lines.map(\.width).max() ?? 0 }

  /// Two blocks, one above the other.
  package static func + (upper: TextBlock, lower: TextBlock) -> TextBlock {
    TextBlock(lines: upper.lines + lower.lines)
  }

  /// Blocks side by side, aligned at their last lines, in as few rows as `width` allows; an empty line separates rows
  /// of several lines.
  ///
  /// - Parameter isBalanced: whether to make rows about equally long instead of filling the first ones.
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

  /// Rows filled like text.
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
