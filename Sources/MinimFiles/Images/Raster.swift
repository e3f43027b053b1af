/// A picture in the units of its file: rows from the top, pixels from the left, channels last.
package struct Raster: Equatable, Sendable {
  package let width: Int
  package let height: Int
  /// 1 (gray) or 3 (red, green, blue); with one more for opacity in the files of some.
  package let channels: Int
  /// The value of white: 255 for 8 bits, 65535 for 16.
  package let white: UInt16
  /// [height, width, channels]
  package let samples: [UInt16]

  package init(width: Int, height: Int, channels: Int, white: UInt16, samples: [UInt16]) {
    (self.width, self.height, self.channels, self.white, self.samples) = (width, height, channels, white, samples)
  }

  /// The picture on white, without a channel of opacity.
  var blended: Raster {
    guard channels % 2 == 0 else { return self }
    let white = Int(self.white)
    var blended: [UInt16] = []
    blended.reserveCapacity(samples.count / channels * (channels - 1))
    for start in stride(from: 0, to: samples.count, by: channels) {
      let opacity = Int(samples[start + channels - 1])
      for channel in 0..<channels - 1 {
        let value = Int(samples[start + channel]) * opacity + white * (white - opacity)
        // At most white: a mean of two values that are.
        blended.append(UInt16((value + white / 2) / white))
      }
    }
    return Raster(width: width, height: height, channels: channels - 1, white: self.white, samples: blended)
  }

  /// Whether a pixel has a color.
  package var hasColors: Bool {
    guard channels == 3 else { return false }
    for start in stride(from: 0, to: samples.count, by: 3) {
      let (red, green, blue) = (samples[start], samples[start + 1], samples[start + 2])
      if red != green || green != blue { return true }
    }
    return false
  }

  /// The gray values, [height, width]: the luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, rounded.
  package var gray: [Float] {
    guard channels == 3 else { return samples.map { Float($0) } }
    var values: [Float] = []
    values.reserveCapacity(samples.count / 3)
    for start in stride(from: 0, to: samples.count, by: 3) {
      // In whole numbers, so that a gray color keeps its value and nothing depends on how sums are rounded.
      let (red, green, blue) = (Int(samples[start]), Int(samples[start + 1]), Int(samples[start + 2]))
      let sum: Int = 299 * red + 587 * green + 114 * blue
      values.append(Float((sum + 500) / 1000))
    }
    return values
  }
}
