import MinimData
import MinimDrawing
import MinimFiles

/// What a run would learn from, as text: counts, ranges, the first examples, and likely mistakes.
struct DataText {
  private let data: DataSplit
  private let summary: DataSummary
  private let terminal: Terminal

  init(_ data: DataSplit, _ terminal: Terminal) {
    self.data = data
    self.terminal = terminal
    summary = DataSummary(data)
  }

  /// All lines.
  var lines: [String] {
    let remarks = data.remarks(summary).map { "Note: \($0)".visible }
    return [facts, columns, examples, remarks].filter { !$0.isEmpty }.joined(separator: [""]).map(\.self)
  }

  /// Lines about a sample from a file, for the start of a run: what its values are, how it is split, and what reading has
  /// changed. None for other data. They take no look at the values.
  static func beginning(_ data: DataSplit) -> [String] {
    if data.shareOfDuplicates == nil { return [] }
    let parts = DataSummary.parts(of: data)
    let count = Readable.count(parts.reduce(0) { $0 + $1.count }, noun(data))
    return ["\(data.name); \(count): \(text(parts))".visible]
      + data.reading.facts.map { "\($0.name): \($0.value)".visible }
      + (data.reading.remarks + data.reading.leftOut).map { "Note: \($0)".visible }
  }

  /// Lines about what reading has left out, which are said at the start of every run.
  static func leftOut(_ data: DataSplit) -> [String] { data.reading.leftOut.map { "Note: \($0)".visible } }

  private static func noun(_ data: DataSplit) -> String { data.exampleShape.count == 3 ? "image" : "row" }

  private static func text(_ parts: [DataSummary.Part]) -> String {
    parts.map { "\(Readable.grouped($0.count)) \($0.name)" }.joined(separator: ", ")
  }

  private var noun: String { Self.noun(data) }

  // MARK: - Facts

  private var facts: [String] {
    var facts: [(name: String, value: String)] = [("data", data.name)] + data.reading.facts
    if summary.parts.isEmpty || data.rows == nil { facts.append(("training", "new draws in each step, without end")) }
    if summary.count > 0 { facts.append(("\(noun)s", splits)) }
    if let copies = summary.copies {
      let verb = copies == 1 ? "repeats" : "repeat"
      facts.append(
        ("duplicates", copies == 0 ? "none" : "\(Readable.grouped(copies)) \(verb) one before, always in its split"))
    }
    if summary.isImage, let range = summary.range {
      let levels = data.knownLevels.map { ", \($0) levels" } ?? ", any numbers"
      facts.append(("pixels", "\(number(range.lowerBound)) to \(number(range.upperBound))\(levels)"))
      if summary.constantCount > 0 {
        let count = data.exampleShape.reduce(1, *)
        facts.append(("constant", "\(summary.constantCount) of \(count) pixels are the same in all images"))
      }
    }
    if !summary.classes.isEmpty {
      let shown = summary.classes.prefix(12).map { "\($0.name) \(Readable.grouped($0.count))" }.joined(separator: ", ")
      facts.append(("classes", "\(summary.classes.count): \(shown)\(summary.classes.count > 12 ? ", ..." : "")"))
    }
    if data.scaling != nil, !data.columnNames.isEmpty {
      facts.append(("standardized", "for nets alone; results are in the units of the file"))
    }
    let width = facts.map(\.name.count).max() ?? 0
    return facts.map { $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.value.visible }
  }

  private var splits: String {
    if summary.parts.count == 1, data.rows != nil { return "\(Readable.grouped(summary.count)), nothing is held out" }
    return "\(Readable.grouped(summary.count)): "
      + Self.text(summary.parts)
  }

  private func number(_ value: Float) -> String { Readable.number(Double(value)) }

  // MARK: - Columns

  private var columns: [String] {
    guard !summary.columns.isEmpty else { return [] }
    var table = TextTable([
      .init("column", wraps: true), .init("least", isTrailing: true), .init("largest", isTrailing: true),
      .init("mean", isTrailing: true), .init("deviation", isTrailing: true),
    ])
    for column in summary.columns.prefix(Self.mostColumns) {
      table.append(
        [column.name] + [column.least, column.largest, column.mean, column.deviation].map { Readable.significant($0) })
    }
    let rest = summary.columns.count - Self.mostColumns
    return table.lines(width: terminal.width) + (rest > 0 ? ["and \(rest) more"] : [])
  }

  private static let mostColumns = 24

  // MARK: - Examples

  private var examples: [String] {
    guard let rows = data.rows ?? data.test, rows.count > 0 else { return [] }
    if summary.isImage { return images(rows) }
    if data.exampleShape == [2] { return scatter(rows) }
    return firstRows(rows)
  }

  /// As many images as fit in one row of the terminal.
  private func images(_ rows: Dataset) -> [String] {
    let (height, width) = (data.exampleShape[0], data.exampleShape[1])
    let count = min(rows.count, max(1, (terminal.width + 1) / (width + 1)))
    let values = data.brightness(rows.values.prefix(count * height * width))
    return HalfBlocks.draw(values, count: count, height: height, width: width, terminal: terminal)
  }

  private func scatter(_ rows: Dataset) -> [String] {
    let most = min(rows.count, 2000)
    let points = (0..<most).map { row in
      (
        label: rows.labels.isEmpty ? 0 : rows.labels[row], x: Double(rows.values[2 * row]),
        y: Double(rows.values[2 * row + 1])
      )
    }
    let names = rows.labels.isEmpty ? [""] : data.classNames
    let series = names.enumerated().map { label, name in
      Plot.Series(.points(points.filter { $0.label == label }.map { ($0.x, $0.y) }), name: name.isEmpty ? nil : name)
    }
    let titles = summary.columns.map(\.name)
    let plot = Plot("", xLabel: titles[0], yLabel: titles[1], series)
    return BrailleChart(plot, width: min(80, terminal.width), height: 16).lines(colors: terminal.colors)
  }

  private func firstRows(_ rows: Dataset) -> [String] {
    let width = rows.exampleCount, shown = min(width, 8)
    var table = TextTable(
      summary.columns.prefix(shown).map { .init($0.name, isTrailing: true) }
        + (width > shown ? [.init("...")] : []) + (rows.labels.isEmpty ? [] : [.init("class")]))
    for row in 0..<min(5, rows.count) {
      table.append(
        rows.example(row).prefix(shown).map { Readable.significant(Double($0)) } + (width > shown ? ["..."] : [])
          + (rows.labels.isEmpty ? [] : [data.classNames[rows.labels[row]]]))
    }
    return ["The first \(noun)s of training:"] + table.lines(width: terminal.width)
  }
}
