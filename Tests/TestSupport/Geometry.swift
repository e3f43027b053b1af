import MinimDrawing

/// What is wrong with the words of a figure, one sentence each.
package func problems(of drawing: Drawing) -> [String] {
  let picture = Box(left: 0, top: 0, right: drawing.width, bottom: drawing.height), words = drawing.words
  var problems = words.filter { !picture.contains($0.box) }.map { "\"\($0.text)\" leaves the picture: \($0.box)" }
  for (index, word) in words.enumerated() {
    for other in words.dropFirst(index + 1) where word.box.overlaps(other.box) {
      problems.append("\"\(word.text)\" overlaps \"\(other.text)\": \(word.box), \(other.box)")
    }
  }
  return problems
}
