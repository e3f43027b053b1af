import MinimFiles
import TestSupport
import Testing

@Suite struct NaturalOrderTests {
  private static func sorted(_ names: [String]) -> [String] { names.sorted { $0.precedesNaturally($1) } }

  @Test("numbers count by their value, everything else by its bytes")
  func order() {
    let names = [
      "", "-1", "0.png", "00.png", "1.png", "01.png", "2.png", "10.png", "100", "99999999999999999999999", "A", "a",
      "a 2",
      "a1b2", "a1b10", "a2b1", "a10", "a:", "aa", "\u{e9}",
    ]
    let expected = [
      "", "-1", "0.png", "00.png", "01.png", "1.png", "2.png", "10.png", "100", "99999999999999999999999", "A", "a",
      "a 2",
      "a1b2", "a1b10", "a2b1", "a10", "a:", "aa", "\u{e9}",
    ]
    #expect(Self.sorted(names) == expected && Self.sorted(names.reversed()) == expected)
  }

  @Test("names whose numbers are equally long keep the order of their bytes")
  func padded() {
    let names = (0..<1200).map { "image-" + "\($0)".zeroPadded(to: 4) + ".png" }
    #expect(Self.sorted(names.shuffled()) == names)
    #expect(Self.sorted((0..<60).map { "\($0).png" }.shuffled()) == (0..<60).map { "\($0).png" })
  }

  /// Names of few characters, so that all relations occur.
  @Test("the order is total") func total() {
    var generator = SplitMix(seed: 5)
    let names = (0..<60).map { _ in
      String(
        (0..<Int.random(in: 0..<5, using: &generator)).map { _ in "019a:-".randomElement(using: &generator) ?? "a" })
    }
    for a in names {
      #expect(!a.precedesNaturally(a))
      for b in names where a != b {
        #expect(a.precedesNaturally(b) != b.precedesNaturally(a), "\(a) \(b)")
        for c in names where a.precedesNaturally(b) && b.precedesNaturally(c) {
          #expect(a.precedesNaturally(c), "\(a) \(b) \(c)")
        }
      }
    }
  }
}
