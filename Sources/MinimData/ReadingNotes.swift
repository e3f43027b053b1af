import MinimFiles

/// What there is to say about how a file was read.
package struct ReadingNotes: Sendable {
  /// What was decided about the file: a word and what it is.
  package var facts: [(name: String, value: String)] = []
  /// What was done to the content, a sentence each.
  package var remarks: [String] = []
  /// What was not read, a sentence each: nobody must miss these.
  package var leftOut: [String] = []

  package init() {}

  /// The notes on a table.
  ///
  /// - Parameter header: what the config says about a header; nil for nothing.
  init(_ table: NumericTable, header: Bool?) {
    guard table.isText else { return }
    let other = table.hasHeader ? "false reads it as a row" : "true reads it as names"
    let found = table.hasHeader ? "line 1 names the columns" : "none, line 1 is a row"
    facts = [("header", header == nil ? "\(found); \"data.header\": \(other)" : found)]
  }

  /// The notes on a folder of pictures.
  init(_ folder: ImageFolder.Content) {
    let count = folder.images.shape[0]
    facts = [("pictures", "\(count), from \(folder.ends.first) to \(folder.ends.last)")]
    let pictures = count == 1 ? "picture" : "pictures"
    if folder.colored > 0 {
      remarks.append(
        "\(folder.colored) of \(count) \(pictures) had colors, which became gray: "
          + "0.299 red + 0.587 green + 0.114 blue.")
    }
    if folder.widened > 0 {
      remarks.append(
        "\(folder.widened) of \(count) \(pictures) had 8 bits and the others 16: their values became 257 times as large, so "
          + "that white is 65535 in all.")
    }
    leftOut = Self.sentences(folder.leftOut)
  }

  private static func sentences(_ leftOut: ImageFolder.LeftOut) -> [String] {
    var sentences: [String] = []
    if !leftOut.folders.isEmpty {
      sentences.append(
        "The pictures in \(listed(leftOut.folders)) were not read, since there are pictures next to these folders. For "
          + "classes, move all pictures into folders.")
    }
    for (names, one, several) in [
      (
        leftOut.emptyFolders, "folder without a .png, which is not a class",
        "folders without a .png, which are not classes"
      ),
      (leftOut.deeper, "folder within a class", "folders within classes"),
      (leftOut.others, "file that is not a .png", "files that are not a .png"),
      (leftOut.hidden, "hidden picture", "hidden pictures"),
    ] where !names.isEmpty {
      sentences.append("Ignored: \(names.count) \(names.count == 1 ? one : several) (\(listed(names))).")
    }
    return sentences
  }

  /// The first of some names.
  static func listed(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }
}

extension Float {
  /// A whole number, or three digits, for people.
  var short: String {
    if self == rounded(), abs(self) < 1e7 { return "\(Int(self))" }
    var unit: Float = 1
    while abs(self) * unit < 100, unit < 1e9 { unit *= 10 }
    let value = (self * unit).rounded() / unit
    return value == value.rounded() && abs(value) < 1e7 ? "\(Int(value))" : "\(value)"
  }
}
