import MinimDrawing
import Testing

@Suite struct FilmTests {
  private static let film = Film([
    [(x: 1, y: 1), (x: -1, y: 1), (x: -1, y: -1), (x: 1, y: -1)],
    [(x: 0, y: 0), (x: 0, y: 2), (x: -2, y: 0), (x: 3, y: -2)],
    [(x: 2, y: 0), (x: 0, y: 3), (x: -3, y: 0), (x: 3, y: -3)],
  ])

  @Test("a film is an array of times, points and values, and back") func array() {
    let film = Self.film
    #expect(film.shape == [3, 4, 2] && film.values.count == 24 && film.values.prefix(4) == [1, 1, -1, 1])
    let again = Film(values: film.values, shape: film.shape)
    #expect(again?.values == film.values && again?.shape == film.shape)
  }

  @Test("what is no film is not taken for one") func refused() {
    let values = Self.film.values
    #expect(Film(values: values, shape: [4, 3, 2]) != nil)
    for shape in [[3, 8], [24], [3, 4, 1, 2], [1, 12, 2], [6, 2, 2, 1], [12, 2, 1]] {
      #expect(Film(values: values, shape: shape) == nil, "\(shape)")
    }
    #expect(Film(values: [.nan] + values.dropFirst(), shape: [3, 4, 2]) == nil)
    #expect(Film(values: [Float](repeating: 0, count: 65 * 2), shape: [65, 1, 2]) == nil)
    #expect(Film(values: [Float](repeating: 0, count: 2 * 1001 * 2), shape: [2, 1001, 2]) == nil)
  }

  @Test("each time can be chosen; every point is in the drawing of each, in one of four colors") func markup() {
    let text = Self.film.markup("ways <b>").text
    func count(_ part: String) -> Int { text.components(of: part) }
    #expect(count("type=\"radio\"") == 4 && count(" checked") == 1)
    #expect(count("<g class=\"points frame-") == 3 && count("<path d=\"M") == 12 && count("h0") == 12)
    #expect(text.contains(">0.0</label>") && text.contains(">0.5</label>") && text.contains(">1.0</label>"))
    // A name is text, also in the names of styles.
    #expect(text.contains("ways &lt;b&gt;") && !text.contains("<b>") && text.contains("id=\"film-ways--b-\""))
    #expect(text.contains("prefers-reduced-motion") && !text.contains("http"))
    // The first point goes from the first quadrant's place in the window of [-3, 3] to the right edge's middle.
    #expect(text.contains("M276.7 143.3h0") && text.contains("M343.3 210.0h0"))
  }
}

extension String {
  /// How often a part is in the text.
  fileprivate func components(of part: String) -> Int {
    var (count, rest) = (0, self[...])
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
