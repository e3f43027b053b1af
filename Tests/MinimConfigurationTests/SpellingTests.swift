import MinimConfiguration
import Testing

@Suite struct SpellingTests {
  @Test(arguments: [
    ("learningrate", "learningrate", 0), ("learningrate", "learningrat", 1), ("learningrate", "laerningrate", 1),
    ("abcdefghi", "abxdexghi", 2), ("kernel", "kernal", 1), ("kernel", "colonel", nil), ("ab", "ba", 1),
    ("a", "b", nil),
    ("", "", 0), ("", "a", nil), ("steps", "epochs", nil),
  ]) func measuresDistance(_ a: String, _ b: String, _ distance: Int?) {
    #expect(Spelling.distance(Array(a.utf8), Array(b.utf8)) == distance)
    #expect(Spelling.distance(Array(b.utf8), Array(a.utf8)) == distance)
  }

  /// The definition, recursively, for all words of up to four letters over two.
  @Test func agreesWithTheDefinition() {
    func reference(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
      guard let x = a.last, let y = b.last else { return a.count + b.count }
      var best = min(
        reference(a.dropLast(), b) + 1, reference(a, b.dropLast()) + 1,
        reference(a.dropLast(), b.dropLast()) + (x == y ? 0 : 1))
      if a.dropLast().last == y, b.dropLast().last == x, a.count > 1, b.count > 1 {
        best = min(best, reference(a.dropLast(2), b.dropLast(2)) + 1)
      }
      return best
    }
    let words = (0...4).flatMap { length in
      (0..<(1 << length)).map { bits in (0..<length).map { UInt8(bits >> $0 & 1) } }
    }
    for a in words {
      for b in words {
        let expected = reference(a[...], b[...])
        let limit = max(a.count, b.count) < 2 ? 0 : 1
        #expect(Spelling.distance(a, b) == (expected <= limit ? expected : nil), "\(a) \(b)")
      }
    }
  }

  @Test func findsTheNearest() {
    let names = ["train", "resume", "sweep", "sample"]
    #expect(Spelling.nearest(to: "sampel", among: names) == "sample")
    #expect(Spelling.nearest(to: "Re-Sume", among: names) == "resume")
    #expect(Spelling.nearest(to: "xyz", among: names) == nil)
    #expect(Spelling.nearest(to: "cat", among: ["bat", "hat"]) == "bat")
    #expect(Spelling.nearest(to: String(repeating: "a", count: 100_000), among: names) == nil)
  }
}
