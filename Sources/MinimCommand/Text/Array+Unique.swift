extension Array where Element: Hashable {
  /// The elements in order, each where it first occurs.
  func unique() -> [Element] {
    var seen: Set<Element> = []  // never iterated
    return filter { seen.insert($0).inserted }
  }
}
