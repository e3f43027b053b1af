import MinimFiles

/// A table as aligned text. Some columns may be long: their cells are wrapped so that the table fits the terminal.
package struct TextTable: Sendable {
  /// A column.
  package struct Column: Sendable {
    package let title: String
    /// Whether cells are aligned right, as for numbers.
    package let isTrailing: Bool
    /// Whether the column's cells are wrapped.
    package let wraps: Bool

    package init(_ title: String, isTrailing: Bool = false, wraps: Bool = false) {
      self.title = title.visible
      self.isTrailing = isTrailing
      self.wraps = wraps
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row. Missing cells are empty, surplus ones are left out, and what nobody would see is escaped.
  package mutating func append(_ cells: [String]) {
    let padded = cells.prefix(columns.count) + Array(repeating: "", count: max(0, columns.count - cells.count))
    rows.append(padded.map(\.visible))
  }

  /// The lines of the table: titles, a rule, the rows. No line is longer than `width` if each wrapped column can have
  /// its title and 12 characters; otherwise lines are longer, and no cell is lost.
  package func lines(width: Int) -> [String] {
    let titles = columns.map(\.title)
    var widths = columns.indices.map { column in ([titles] + rows).map { $0[column].count }.max() ?? 0 }
    shrink(&widths, to: width)
    let rule = [widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")]
    return format(titles, widths) + rule + rows.flatMap { format($0, widths) }
  }

  /// Distributes the room that the other columns leave over the wrapped ones: the narrowest take what they need first.
  private func shrink(_ widths: inout [Int], to width: Int) {
    var wrapped = columns.indices.filter { columns[$0].wraps }.sorted { (widths[$0], $0) < (widths[$1], $1) }
    let others = columns.indices.filter { !columns[$0].wraps }.reduce(0) { $0 + widths[$1] }
    var room = width - others - 2 * (columns.count - 1)
    while !wrapped.isEmpty {
      let (column, share) = (wrapped.removeFirst(), room / (wrapped.count + 1))
      widths[column] = min(widths[column], max(12, columns[column].title.count, share))
      room -= widths[column]
    }
  }

  /// The lines of one row.
  private func format(_ cells: [String], _ widths: [Int]) -> [String] {
    let wrapped = columns.indices.map { columns[$0].wraps ? Self.wrap(cells[$0], width: widths[$0]) : [cells[$0]] }
    return (0..<(wrapped.map(\.count).max() ?? 0)).map { line in
      var text = ""
      for column in columns.indices {
        let cell = line < wrapped[column].count ? wrapped[column][line] : ""
        let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
        text += (column > 0 ? "  " : "") + (columns[column].isTrailing ? space + cell : cell + space)
      }
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  /// Breaks a text at spaces into lines of at most `width` characters; a longer word is cut.
  package static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = [""]
    for word in text.split(separator: " ") {
      var rest = word
      let joined = lines[lines.count - 1].isEmpty ? rest.count : lines[lines.count - 1].count + 1 + rest.count
      if joined <= width {
        lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + rest
        continue
      }
      if lines[lines.count - 1].isEmpty { lines.removeLast() }
      while rest.count > max(1, width) {
        lines.append(String(rest.prefix(max(1, width))))
        rest = rest.dropFirst(max(1, width))
      }
      lines.append(String(rest))
    }
    return lines
  }
}
