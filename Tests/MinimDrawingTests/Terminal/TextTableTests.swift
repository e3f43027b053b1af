import MinimDrawing
import Testing

@Suite struct TextTableTests {
  static var claims: TextTable {
    var table = TextTable([
      .init("id"), .init("statement", wraps: true), .init("measured", isTrailing: true), .init("verdict"),
    ])
    table.append(["P2", "the probabilities of all images sum to 1", "0.9999999999", "holds"])
    table.append(["P10", "short", "18.06"])
    return table
  }

  @Test func alignsColumns() {
    #expect(
      Self.claims.lines(width: 80) == [
        "id   statement                                     measured  verdict",
        "───  ────────────────────────────────────────  ────────────  ───────",
        "P2   the probabilities of all images sum to 1  0.9999999999  holds",
        "P10  short                                            18.06",
      ])
  }

  @Test func wrapsTheLongColumn() {
    #expect(
      Self.claims.lines(width: 44) == [
        "id   statement             measured  verdict",
        "───  ────────────────  ────────────  ───────",
        "P2   the               0.9999999999  holds",
        "     probabilities of",
        "     all images sum",
        "     to 1",
        "P10  short                    18.06",
      ])
    for width in 41...90 { #expect(Self.claims.lines(width: width).allSatisfy { $0.count <= width }) }
    // Too narrow: 12 characters stay, and nothing is lost.
    let narrow = Self.claims.lines(width: 5).joined(separator: " ")
    for word in ["probabilitie", "0.9999999999", "P10", "holds"] { #expect(narrow.contains(word)) }
  }

  @Test("several wrapped columns share the room, and the narrowest take what they need first")
  func wrapsSeveralColumns() {
    var table = TextTable([.init("id"), .init("theorem", wraps: true), .init("quantity", wraps: true), .init("value")])
    table.append(["P2", "the probabilities of all images sum to 1", "sum over all images", "0.999"])
    #expect(
      table.lines(width: 57) == [
        "id  theorem                    quantity             value",
        "──  ─────────────────────────  ───────────────────  ─────",
        "P2  the probabilities of all   sum over all images  0.999",
        "    images sum to 1",
      ])
    for width in 37...100 { #expect(table.lines(width: width).allSatisfy { $0.count <= width }) }
  }

  @Test func wrapsWords() {
    #expect(TextTable.wrap("a bb ccc", width: 4) == ["a bb", "ccc"])
    #expect(TextTable.wrap("abcdefgh ij", width: 3) == ["abc", "def", "gh", "ij"])
    #expect(TextTable.wrap("", width: 3) == [""])
    #expect(TextTable.wrap("ab", width: 0) == ["a", "b"])
  }

  @Test func controlCharactersCannotReachTheTerminal() {
    var table = TextTable([.init("a\u{202e}")])
    table.append(["x\u{1B}[31m\ny", "surplus"])
    #expect(table.lines(width: 80)[0] == "a\\u{202e}")
    #expect(table.lines(width: 80)[2] == "x\\u{1b}[31m\\u{a}y")
  }
}
