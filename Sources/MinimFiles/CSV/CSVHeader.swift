/// The decision whether the first line of a table names its columns, by the lines that follow it.
///
/// It does if it has a word where the others have numbers, or if it counts the columns as the others do not. It does not if
/// it is what a row could be: a value that is missing or misspelled must not make a row vanish.
struct CSVHeader {
  /// The most lines that are looked at: enough to know what a column holds.
  static let mostLines = 1000

  private let first: [CSVField]
  /// What the following lines have in each column; empty if none follows.
  private let columns: [Column]
  /// Whether the first line has the name of a column that is asked for.
  private let isNamed: Bool

  /// - Parameters:
  ///   - line: the first line.
  ///   - lines: the lines after it.
  ///   - names: the names of columns that a config asks for.
  init(_ line: Range<Int>, before lines: CSVLines, names: [String]) {
    let bytes = lines.bytes
    var (lines, columns) = (lines, [Column]())
    var separator: CSVSeparator?
    // A line that is too long is reported when it is read.
    for _ in 0..<Self.mostLines {
      guard let row = try? lines.next() else { break }
      let known = separator ?? CSVSeparator(of: bytes[row])
      let fields = CSVFields.all(bytes, row, known)
      if separator == nil { (separator, columns) = (known, Array(repeating: Column(), count: fields.count)) }
      for (index, field) in fields.prefix(columns.count).enumerated() { columns[index].add(CSVField(bytes, field)) }
    }
    self.columns = columns
    let own = CSVSeparator(of: bytes[line])
    var fields = CSVFields.all(bytes, line, own)
    // A single column shows no separator, and its name can have several words.
    if columns.count == 1, own == .blanks { fields = [fields[0].lowerBound..<fields[fields.count - 1].upperBound] }
    first = fields.map { CSVField(bytes, $0) }
    isNamed = zip(first, fields).contains { $0.isWord && names.contains(CSVFields.text(bytes[$1])) }
  }

  /// Whether the first line names the columns.
  var isPresent: Bool {
    if repeatsWord { return false }
    if isNamed { return true }
    if !first.contains(where: \.isWord) { return countsUnlikeRows }
    let hasNumbers = columns.contains(where: \.isNumeric)
    let isMisfit = !hasNumbers || zip(first, columns).contains { $0.isWord && $1.isNumeric }
    if isMisfit { return startsLikeNames && (count == nil || counts(fromAny: hasNumbers)) }
    // All columns have words, so a word in the first line says nothing. But the numbers of a row do not count its columns; next
    // to a column whose words repeat, such as classes, numbers that do are names.
    return numberCount > 1 && counts(fromAny: zip(first, columns).contains { $0.isWord && $1.repeats })
  }

  /// Whether it begins with a word, or with nothing, which is the name of a column of row numbers.
  private var startsLikeNames: Bool { first.first.map { $0.isWord || $0 == .nothing } ?? false }

  /// Whether a word comes again in its column, as the class of a row does.
  private var repeatsWord: Bool {
    zip(first, columns).contains { field, column in
      if case .word(let word) = field, !column.isNumeric { column.words.contains(word) } else { false }
    }
  }

  // MARK: Counting

  private var numberCount: Int { first.count { if case .number = $0 { true } else { false } } }

  /// The first number with its place; nil if there is none.
  private var count: (place: Int, start: Double)? {
    for (place, field) in first.enumerated() { if case .number(let start) = field { return (place, start) } }
    return nil
  }

  /// Whether the numbers count their places by one, from 0 or 1.
  ///
  /// - Parameter fromAny: whether several of them, such as years, may count from any whole number.
  private func counts(fromAny: Bool) -> Bool {
    guard let (place, start) = count, start == start.rounded() else { return false }
    let numbers = first.enumerated().compactMap { index, field -> Bool? in
      if case .number(let value) = field { value == start + Double(index - place) } else { nil }
    }
    return numbers.allSatisfy { $0 } && (start == 0 || start == 1 || fromAny && numbers.count > 1)
  }

  /// Whether all fields count the columns, apart from an empty one in front, and rows differ from that: they have fractions, or
  /// smaller values. A count of eight columns or more is a header in any case.
  private var countsUnlikeRows: Bool {
    let numbers = numberCount
    let isWhole = numbers == first.count || (numbers == first.count - 1 && first.first == .nothing)
    guard isWhole, numbers > 1, !columns.isEmpty, let start = count?.start, counts(fromAny: false) else { return false }
    if numbers == 2 { return start == 0 && columns.allSatisfy { $0.wholeNumbers == 0 && $0.isNumeric } }
    let most = columns.map(\.largest).max() ?? 0
    let hasFractions = columns.contains { $0.wholeNumbers < $0.numbers }
    return numbers >= 8 || hasFractions || start + Double(numbers - 1) > most
  }

  /// What the rows have in one column.
  private struct Column {
    private(set) var numbers = 0, wholeNumbers = 0, others = 0
    private(set) var largest = -Double.infinity
    private(set) var words: Set<ArraySlice<UInt8>> = []  // never iterated
    private var wordCount = 0

    /// Whether it is meant to have numbers: a few errors do not matter.
    var isNumeric: Bool { numbers > 0 && numbers >= others }
    /// Whether words come again, as classes do.
    var repeats: Bool { words.count < wordCount }

    mutating func add(_ field: CSVField) {
      switch field {
      case .number(let value):
        numbers += 1
        wholeNumbers += value == value.rounded() ? 1 : 0
        largest = max(largest, value)
      case .word(let word):
        others += 1
        wordCount += 1
        words.insert(word)
      case .unclear: others += 1
      case .missing, .nothing: break
      }
    }
  }
}

/// What a field of a table is by itself.
enum CSVField: Equatable {
  case number(Double)
  case word(ArraySlice<UInt8>)
  /// What programs write where a value is missing.
  case missing
  /// Not a single character, the shortest form of a missing value.
  case nothing
  /// What begins like a number and is none.
  case unclear

  init(_ bytes: [UInt8], _ field: Range<Int>) {
    if let number = DecimalNumber.parse(bytes, field) {
      self = .number(number)
    } else if field.isEmpty {
      self = .nothing
    } else if Self.isMissing(bytes[field]) {
      self = .missing
    } else {
      self = DecimalNumber.isLike(bytes[field]) ? .unclear : .word(bytes[field])
    }
  }

  var isWord: Bool { if case .word = self { true } else { false } }

  private static func isMissing(_ text: ArraySlice<UInt8>) -> Bool {
    let words = ["na", "n/a", "nan", "null", "none", "missing", "?", "-"]
    return text.count < 10 && words.contains(String(decoding: text, as: UTF8.self).lowercased())
  }
}
