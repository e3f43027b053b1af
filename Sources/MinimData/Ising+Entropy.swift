import MinimKernels

extension Ising {
  /// The most bits of a message for a conditional entropy: 2^24 states of what comes before the pixel, times two of the
  /// pixel.
  private static let mostBits = 24

  /// The lowest mean negative log-likelihood of a model whose pixels see only their receptive fields, in nats: the sum over
  /// pixels of H(x_i | x_field(i)).
  ///
  /// - Parameter fields: one receptive field per pixel, in reading order, of earlier pixels only.
  /// - Returns: nil if a field would take too many states.
  public func lowestNLL(_ fields: [[Int]]) -> Double? {
    precondition(fields.count == pixels, "expected the fields of \(pixels) pixels, got \(fields.count)")
    let contexts = fields.enumerated().compactMap { context(of: $0, in: $1) }
    guard contexts.count == pixels else { return nil }
    return contexts.enumerated().reduce(0) { $0 + conditionalEntropy(of: $1.offset, given: $1.element) }
  }

  /// H(x_pixel | x_field) in nats.
  ///
  /// - Parameters:
  ///   - pixel: the place, row by row.
  ///   - field: earlier pixels, in any order.
  /// - Returns: nil if it would take more than 2^25 states of the pixel, its frontier and what the field adds to it.
  public func conditionalEntropy(of pixel: Int, given field: [Int]) -> Double? {
    context(of: pixel, in: field).map { conditionalEntropy(of: pixel, given: $0) }
  }

  /// The pixels of a field that matter: once it holds a whole frontier, no pixel before that does. Nil if there are too
  /// many.
  private func context(of pixel: Int, in field: [Int]) -> Set<Int>? {
    precondition((0..<pixels).contains(pixel), "there is no pixel \(pixel) among \(pixels)")
    precondition(field.allSatisfy((0..<pixel).contains), "a field of pixel \(pixel) has later pixels: \(field)")
    var context = Set(field)
    if pixel >= width {
      let screen = (0...pixel - width).reversed().first { start in
        (start..<start + width).allSatisfy(context.contains)
      }
      context = context.filter { $0 >= screen ?? 0 }
    }
    let bits = min(pixel, width) + context.count { $0 < pixel - width }
    return bits <= Self.mostBits ? context : nil
  }

  private func conditionalEntropy(of pixel: Int, given context: Set<Int>) -> Double {
    var message = FrontierMessage(probabilities, width: width)
    while message.pixel < pixel { message.advance(keeping: context.contains(message.pixel - width)) }
    let joint = joint(of: message, seen: context)
    return Self.entropy(joint.on, joint.off)
  }

  /// p(field, x_pixel = 1) and p(field, x_pixel = 0), for each state of the field.
  private func joint(of message: FrontierMessage, seen field: Set<Int>) -> (on: [Double], off: [Double]) {
    let bits = message.frontier
    let seen = (0..<bits).filter { field.contains(message.pixel - 1 - $0) }
    let conditionals = (0..<1 << bits).map(message.conditional)
    /// The seen bits of a state of the frontier, packed together.
    let compressed = (0..<1 << bits).map { state in
      seen.enumerated().reduce(0) { $0 | (state >> $1.element & 1) << $1.offset }
    }
    let zeros = [Double](repeating: 0, count: (message.values.count >> bits) << seen.count)
    var (on, off) = (zeros, zeros)
    let values = message.values
    for place in values.indices {
      let state = place & (1 << bits - 1)
      let group = (place >> bits) << seen.count | compressed[state]
      on[group] += values[place] * conditionals[state].on
      off[group] += values[place] * conditionals[state].off
    }
    return (on, off)
  }

  /// The sum over groups of -on log(on / (on + off)) - off log(off / (on + off)); in blocks, whose sums are added in turn.
  private static func entropy(_ on: [Double], _ off: [Double]) -> Double {
    let block = 4096
    var sum = 0.0
    for start in stride(from: 0, to: on.count, by: block) {
      let end = min(start + block, on.count)
      for part in [on[start..<end], off[start..<end]] {
        // An outcome without probability adds nothing.
        var logs = part.indices.map { part[$0] > 0 ? part[$0] / (on[$0] + off[$0]) : 1 }
        Elementary.log(&logs)
        sum -= zip(part, logs).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    return sum
  }
}
