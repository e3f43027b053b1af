extension MaskMap {
  /// The map in one line: what the pixel sees, what it is blind to, and whether the stack makes a valid model.
  public var summary: String {
    let blind = labels(.blind)
    return "\(stack): pixel \(label(pixel)) \(sight)" + (blind.isEmpty ? "" : "; blind: \(Self.list(blind))") + ". "
      + verdict
  }

  /// "Valid autoregressive model.", or why it is not one.
  public var verdict: String {
    if isAutoregressive { return "Valid autoregressive model." }
    if seesItself { return "NOT autoregressive: it sees itself." }
    return labels(.leak).isEmpty
      ? "NOT autoregressive: other pixels see too much." : "NOT autoregressive: it sees later pixels."
  }

  /// The maps of one stack in one line.
  ///
  /// - Precondition: these are all maps of one stack and canvas.
  public static func summary(ofAll maps: [MaskMap]) -> String {
    let blind = maps.map { $0.labels(.blind).count }
    let spared = blind.filter { $0 == 0 }.count
    let count = maps.count
    return "\(maps[0].stack): \(spared) of \(count) pixels see every earlier pixel; \(blind.reduce(0, +)) of the "
      + "\(count * (count - 1) / 2) pairs are blind. "
      + (maps[0].isAutoregressive ? "Valid autoregressive model." : "NOT autoregressive: a pixel sees itself.")
  }

  private var sight: String {
    if pixel == 0 { return "is the first" + (seesItself ? " and sees itself" : " and sees nothing") }
    let seen = labels(.seen)
    let them = seen.isEmpty ? "" : ": " + Self.list(seen)
    if seen.count == pixel {
      return "sees \(pixel == 1 ? "the only earlier pixel" : "all \(pixel) earlier pixels")\(them)"
    }
    return
      "sees \(seen.isEmpty ? "none" : "\(seen.count)") of the \(pixel) earlier pixel\(pixel == 1 ? "" : "s")\(them)"
  }

  private static func list(_ labels: [Int]) -> String { labels.map(String.init).joined(separator: " ") }
}
