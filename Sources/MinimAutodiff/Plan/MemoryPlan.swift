import MinimKernels

/// Places for the values of a plan, from first use to last use, by best fit.
struct MemoryPlan {
  /// Elements that every slot's start is a multiple of: 64 bytes of Float.
  static let alignment = 16

  private var free: [Range<Int>] = []
  private(set) var count = 0

  static func aligned(_ elements: Int) -> Int { padded(max(elements, 1)) }

  /// A place for `elements`, from the smallest free range that holds them.
  mutating func allocate(_ elements: Int) -> Int {
    let size = Self.aligned(elements)
    let candidates = free.indices.filter { free[$0].count >= size }
    guard let best = candidates.min(by: { free[$0].count < free[$1].count }) else {
      // Nothing fits: grow, from a free range at the very end if there is one.
      if let last = free.last, last.upperBound == count {
        free.removeLast()
        count = last.lowerBound + size
        return last.lowerBound
      }
      defer { count += size }
      return count
    }
    let range = free[best]
    if range.count == size { free.remove(at: best) } else { free[best] = range.lowerBound + size..<range.upperBound }
    return range.lowerBound
  }

  /// Gives a place back, and joins it with its free neighbors.
  mutating func release(_ offset: Int, _ elements: Int) {
    var range = offset..<offset + Self.aligned(elements)
    if let before = free.firstIndex(where: { $0.upperBound == range.lowerBound }) {
      range = free[before].lowerBound..<range.upperBound
      free.remove(at: before)
    }
    if let after = free.firstIndex(where: { $0.lowerBound == range.upperBound }) {
      range = range.lowerBound..<free[after].upperBound
      free.remove(at: after)
    }
    free.insert(range, at: free.firstIndex { $0.lowerBound > range.lowerBound } ?? free.endIndex)
  }
}
