import MinimKernels

extension Ising {
  /// Independent images, each drawn exactly, pixel by pixel from its conditional probability, without a Markov chain.
  /// An image is a function of `key` and its index alone: pixel i of image j is 1 if `key.folding(j).uniform(at: i)` is
  /// below p(x_i = 1 | the pixels before).
  ///
  /// - Returns: the images of `range`, [image][row][column], 0 or 1.
  public func draw(_ range: Range<Int>, key: RandomKey) -> [Float] {
    [Float](unsafeUninitializedCapacity: range.count * pixels) { buffer, initialized in
      draw(range, key: key, into: buffer)
      initialized = range.count * pixels
    }
  }

  /// Draws the images of `range` into memory that has room for them; allocates nothing.
  public func draw(_ range: Range<Int>, key: RandomKey, into buffer: UnsafeMutableBufferPointer<Float>) {
    precondition(buffer.count >= range.count * pixels, "\(range.count) images do not fit into \(buffer.count) values")
    guard let start = buffer.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.block) { numbers in
      thresholds.withUnsafeBufferPointer { thresholds in
        for (image, index) in range.enumerated() {
          drawOne(key.folding(UInt64(index)), thresholds, numbers, into: start + image * pixels)
        }
      }
    }
  }

  /// Random numbers drawn at a time, a multiple of 16; they take 1 KiB of the stack.
  private static let block = 128

  private func drawOne(
    _ key: RandomKey, _ thresholds: UnsafeBufferPointer<Int>, _ numbers: UnsafeMutableBufferPointer<Int>,
    into image: UnsafeMutablePointer<Float>
  ) {
    let mask = (1 << width) - 1
    var state = 0
    for first in stride(from: 0, to: pixels, by: Self.block) {
      let count = min(Self.block, pixels - first)
      key.fill(UnsafeMutableBufferPointer(rebasing: numbers[..<count]), below: 1 << 53, from: first)
      for offset in 0..<count {
        let isOn = numbers[offset] < thresholds[(first + offset) << width | state]
        image[first + offset] = isOn ? 1 : 0
        state = (state << 1 | (isOn ? 1 : 0)) & mask
      }
    }
  }

  /// The number t such that (k + 1/2) 2^-53 < p exactly if k < t, for whole k. `RandomKey.uniform` has this form.
  static func threshold(_ p: Double) -> Int {
    let scaled = p * 0x1p53  // exact
    let whole = scaled.rounded(.down)
    return Int(whole) + (scaled - whole > 0.5 ? 1 : 0)
  }
}
