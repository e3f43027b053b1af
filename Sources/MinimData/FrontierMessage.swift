/// The forward pass over an Ising model: the joint distribution of a pixel's frontier and of any earlier pixels that
/// are kept, all others summed out.
///
/// A value's index is a number of bits: the kept pixels above, those of the frontier below, older ones higher in both.
/// To step over a pixel is to shift its bit in. The bit that leaves the frontier becomes a kept one without further
/// work, or is summed out.
struct FrontierMessage {
  private let width: Int
  /// `Ising.probabilities`.
  private let conditionals: [Double]
  /// The pixel whose frontier this is.
  private(set) var pixel = 0
  /// The probabilities.
  private(set) var values = [1.0]

  /// Creates the message of the first pixel, whose frontier is empty.
  init(_ conditionals: [Double], width: Int) {
    self.conditionals = conditionals
    self.width = width
  }

  /// The number of pixels in the frontier.
  var frontier: Int { min(pixel, width) }

  /// Steps over the pixel; `keeping` says whether the pixel that leaves the frontier is kept.
  mutating func advance(keeping: Bool = false) {
    let grows = keeping || pixel < width
    let count = grows ? 2 * values.count : values.count
    let states = (1 << frontier) - 1
    let (table, width, pixel) = (pixel << width, width, pixel)
    values = conditionals.withUnsafeBufferPointer { conditionals in
      values.withUnsafeBufferPointer { old in
        [Double](unsafeUninitializedCapacity: count) { new, initialized in
          initialized = count
          func on(_ state: Int) -> Double { conditionals[table + state] }
          func off(_ state: Int) -> Double { conditionals[table + (state ^ states)] }
          if grows {
            for place in 0..<old.count {
              new[2 * place] = old[place] * off(place & states)
              new[2 * place + 1] = old[place] * on(place & states)
            }
          } else {
            let half = 1 << (width - 1)  // the bit that leaves
            for start in stride(from: 0, to: old.count, by: 2 * half) {
              for state in 0..<half {
                let (a, b) = (old[start + state], old[start + state + half])
                new[start + 2 * state] = a * off(state) + b * off(state + half)
                new[start + 2 * state + 1] = a * on(state) + b * on(state + half)
              }
            }
          }
        }
      }
    }
    self.pixel = pixel + 1
  }

  /// p(x_pixel = 1 | the state of the frontier), and p(x_pixel = 0 | it).
  func conditional(_ state: Int) -> (on: Double, off: Double) {
    let start = pixel << width
    return (conditionals[start + state], conditionals[start + (state ^ ((1 << frontier) - 1))])
  }

  /// E[s_i s_j] of each bond, in the order of `Ising.bonds`.
  static func bondCorrelations(_ conditionals: [Double], height: Int, width: Int) -> [Double] {
    var message = FrontierMessage(conditionals, width: width)
    var result: [Double] = []
    for pixel in 0..<height * width {
      var (left, upper) = (0.0, 0.0)
      for (state, probability) in message.values.enumerated() {
        let (on, off) = message.conditional(state)
        let mean = probability * (on - off)
        left += state & 1 == 1 ? mean : -mean
        upper += state >> (width - 1) & 1 == 1 ? mean : -mean
      }
      if pixel % width > 0 { result.append(left) }
      if pixel >= width { result.append(upper) }
      message.advance()
    }
    return result
  }
}
