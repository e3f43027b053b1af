import MinimKernels

/// The backward pass over an Ising model, from the last pixel to the first: the sum over everything from a pixel on,
/// for each state of its frontier.
struct IsingTransfer {
  /// ln Z, in nats.
  private(set) var logPartition = 0.0
  /// p(x_i = 1 | state of the frontier of i), at i 2^width + state.
  private(set) var probabilities: [Double]

  init(height: Int, width: Int, beta: Double) {
    let pixels = height * width
    let states = 1 << width
    /// exp(beta k) for k bonds that agree more than disagree, k = -2 ... 2.
    let weights = (-2...2).map { Elementary.exp(beta * Double($0)) }
    probabilities = [Double](repeating: 0.5, count: pixels * states)
    /// The sum over all later pixels, divided by 2^exponent: a power of two, so that the scaling does not round.
    var later = [Double](repeating: 1, count: states)
    var exponent = 0
    for pixel in (0..<pixels).reversed() {
      let (isInside, hasUpper) = (pixel % width > 0, pixel >= width)
      var message = later
      // States beyond a shorter frontier stay as they are; nothing reads them.
      for state in 0..<(1 << min(pixel, width)) {
        let left = isInside ? Self.spin(state, 0) : 0
        let upper = hasUpper ? Self.spin(state, width - 1) : 0
        let next = state << 1 & (states - 1)
        let on = weights[2 + left + upper] * later[next | 1]
        let off = weights[2 - left - upper] * later[next]
        message[state] = on + off
        probabilities[pixel * states + state] = on / (on + off)
      }
      let scale = message[..<(1 << min(pixel, width))].reduce(0, max).exponent
      later = message.map { $0 * Double(sign: .plus, exponent: -Int(scale), significand: 1) }
      exponent += Int(scale)
    }
    logPartition = Elementary.log(later[0]) + Double(exponent) * Elementary.log(2)
  }

  /// The spin of one bit of a state.
  private static func spin(_ state: Int, _ bit: Int) -> Int { state >> bit & 1 == 1 ? 1 : -1 }
}
