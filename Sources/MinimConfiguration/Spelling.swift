/// Finds what was meant by a mistyped word.
package enum Spelling {
  /// The candidate most similar to `word`, if any is similar: case, "_" and "-" do not count, and at most a third of
  /// the letters may be wrong. Among equals, the first.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let letters = fold(word)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      guard let distance = distance(letters, fold(candidate)), distance < best?.distance ?? .max else { continue }
      best = (candidate, distance)
    }
    return best?.candidate
  }

  /// The word as it is compared: lower-case letters without "_" and "-".
  package static func fold(_ word: String) -> [UInt8] {
    word.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
  }

  /// The number of insertions, deletions, substitutions and transpositions of neighbors that lead from one folded word
  /// to the other (optimal string alignment, a restricted Damerau-Levenshtein distance); nil if the words are not
  /// similar.
  package static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int? {
    let longer = max(a.count, b.count)
    let limit = longer < 2 ? 0 : max(1, longer / 3)
    guard abs(a.count - b.count) <= limit, longer <= 64 else { return nil }  // keys are short; this bounds the time
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      (before, last) = (last, row)
    }
    return last[b.count] <= limit ? last[b.count] : nil
  }
}
