/// The cut that makes gray values 0 and 1.
struct Threshold: Sendable {
  /// The smallest value that is on.
  ///
  /// In the precision of the pixels: with a threshold of 0.7 a value of 0.7 is on, though its Float is slightly less.
  let least: Float
  /// Why every pixel is alike behind the cut, in a sentence; nil if they are not.
  let problem: String?

  /// - Parameter given: the threshold of a config; nil for the middle.
  init(_ given: Double?, for images: GrayImages) {
    least = Float(given ?? images.middle)
    let (lowest, highest) = images.ends
    let isOn = lowest >= least, isOff = highest < least
    let outcome = "Every pixel is \(isOn ? "on" : "off")"
    if !isOn, !isOff {
      problem = nil
    } else if lowest == highest {
      problem = "\(outcome): all of them are \(lowest.short)."
    } else {
      problem =
        "\(outcome): \"data.threshold\" \(least.short) is \(isOn ? "not above any" : "above all") of the values, which go from "
        + "\(lowest.short) to \(highest.short)."
    }
  }

  /// 1 for a value that is on, 0 for others.
  @Sendable func value(_ value: Float) -> Float { value >= least ? 1 : 0 }
}
