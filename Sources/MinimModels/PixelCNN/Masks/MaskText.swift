import MinimDrawing

/// Maps of masks as text, for a terminal of any width, with colors or without.
package struct MaskText {
  private let width: Int
  private let hasColors: Bool

  package init(_ terminal: Terminal) {
    width = terminal.width
    hasColors = terminal.colors != .none
  }

  /// The maps side by side, with titles and numbers in the cells, and the legend.
  package func panels(_ maps: [MaskMap]) -> [String] {
    let blocks = maps.enumerated().map { index, map in
      let name = (maps.count > 1 ? "\(index + 1). " : "") + "\(map.stack)"
      let counts = "sees \(map.labels(.seen).count), blind \(map.labels(.blind).count)"
      let titles = TextTable.wrap(name, width: max(20, map.width * 4)) + [counts + (map.seesItself ? ", LEAK" : "")]
      return TextBlock(titles) + grid(map, isNumbered: true)
    }
    return TextBlock.lines(blocks, width: width, gap: 4) + [""] + legend(of: maps, isNumbered: true)
  }

  /// For each stack the maps of all its pixels, row by row as the pixels are.
  package func sheet(_ stacks: [[MaskMap]]) -> [String] {
    let sections = stacks.flatMap { maps in
      let blocks = maps.map { map in TextBlock(["\(map.label(map.pixel))"]) + grid(map, isNumbered: false) }
      let rows = stride(from: 0, to: maps.count, by: maps[0].width).flatMap { start in
        TextBlock.lines(Array(blocks[start..<start + maps[0].width]), width: width, gap: 3) + [""]
      }
      return ["\(maps[0].stack)"] + rows
    }
    return sections + legend(of: stacks.flatMap { $0 }, isNumbered: false)
  }

  // MARK: Cells

  private func grid(_ map: MaskMap, isNumbered: Bool) -> TextBlock {
    let cells = map.cells.enumerated().map { index, kind in
      text(kind, label: isNumbered ? "\(map.label(index))" : "")
    }
    let lines = stride(from: 0, to: cells.count, by: map.width).map { start in
      cells[start..<start + map.width].joined()
    }
    return TextBlock(lines: lines.map { (map.width * (isNumbered ? 4 : 2), $0) })
  }

  /// A cell: two characters around its number.
  private func text(_ kind: MaskMap.Cell, label: String) -> String {
    let (left, right) = kind.edges(hasColors: hasColors)
    let text = label.isEmpty && kind == .later ? ". " : left + label + right
    return hasColors ? "\u{1B}[\(kind.colorCode)m\(text)\u{1B}[0m" : text
  }

  private func legend(of maps: [MaskMap], isNumbered: Bool) -> [String] {
    let kinds = MaskMap.Cell.allCases.filter { kind in maps.contains { $0.cells.contains(kind) } }
    let items = kinds.map { kind in
      // Any number of that kind serves as an example.
      let label = maps.lazy.compactMap { $0.labels(kind).first }.first.map(String.init) ?? ""
      let words = " " + kind.words
      let sample = isNumbered ? label : ""
      return TextBlock(lines: [(2 + sample.count + words.count, text(kind, label: sample) + words)])
    }
    return TextBlock.lines(items, width: width, gap: 3, isBalanced: false)
  }
}

extension MaskMap.Cell {
  /// The characters left and right of the number of a cell. With colors, "seen" needs none.
  fileprivate func edges(hasColors: Bool) -> (String, String) {
    switch self {
    case .seen: hasColors ? (" ", " ") : ("[", "]")
    case .blind: ("/", "/")
    case .itself: ("<", ">")
    case .leak: ("!", "!")
    case .later: (" ", " ")
    }
  }

  /// The SGR code, of the 256 colors; letter and background are both set, so that it reads on light and on dark.
  fileprivate var colorCode: String {
    switch self {
    case .seen: "38;5;16;48;5;153"
    case .blind: "38;5;16;48;5;250"
    case .itself: "1;38;5;16;48;5;220"
    case .leak: "1;38;5;231;48;5;160"
    case .later: "2"
    }
  }
}
