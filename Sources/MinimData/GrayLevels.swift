import MinimFiles

/// The gray values of images, as they are or in fewer levels.
struct GrayLevels {
  /// The number of levels of the values; nil if they are not whole numbers from 0 to at most 255.
  let levels: Int?
  /// The values of black and white.
  let range: ClosedRange<Float>
  /// The values in words, for the name of the data.
  let description: String
  /// The number of levels of the file; nil as above.
  private let own: Int?
  /// The least and the largest value of the file.
  private let ends: ClosedRange<Float>

  /// The most levels that values have by themselves.
  private static let most = 256

  /// - Parameters:
  ///   - images: the images in the unit of their file.
  ///   - asked: the number of levels to round down to; nil for the values as they are.
  /// - Throws: `DataFileError` if there are fewer levels than asked for.
  init(_ images: GrayImages, levels asked: Int?, file: String) throws(DataFileError) {
    let ends = (images.values.min() ?? 0)...(images.values.max() ?? 0)
    let isLevels = images.isWhole && ends.lowerBound >= 0 && ends.upperBound < Float(Self.most)
    // Black images, too, are images in black and white.
    let own = isLevels ? max(2, Int(ends.upperBound) + 1) : nil
    if let own, let asked, own < asked {
      throw DataFileError(
        file: file,
        reason: "its pixels have \(own) levels, 0 to \(own - 1): \"data.levels\" can be at most \(own), got \(asked)")
    }
    levels = asked ?? own
    let words = own.map { "gray from 0 to \($0 - 1)" } ?? "gray from \(ends.lowerBound) to \(ends.upperBound)"
    description = asked == own || asked == nil ? words : "\(words) in \(asked ?? 0) levels"
    if let levels {
      range = 0...Float(max(1, levels - 1))
    } else if ends.lowerBound >= 0, ends.upperBound <= 1 {
      // Shares of white.
      range = 0...1
    } else {
      // If all are the same, any range will do.
      range = ends.lowerBound...max(ends.upperBound, ends.lowerBound.nextUp)
    }
    (self.own, self.ends) = (own, ends)
  }

  /// A value of the file as the model sees it.
  func value(_ value: Float) -> Float {
    guard let levels, levels != own else { return value }
    // With whole numbers, level k begins at the smallest of at least k own / levels.
    let start = own == nil ? Double(ends.lowerBound) : 0
    let width = own.map(Double.init) ?? max(1e-30, Double(ends.upperBound) - start)
    return Float(min(Double(levels - 1), ((Double(value) - start) * Double(levels) / width).rounded(.down)))
  }

  /// Checks that values of another file have levels here.
  func check(_ values: [Float], file: String) throws(DataFileError) {
    guard levels != nil else { return }
    let allowed = own.map { 0...Float($0 - 1) } ?? ends
    let wrong = values.firstIndex { !allowed.contains($0) || own != nil && $0 != $0.rounded() }
    guard let wrong else { return }
    let expected =
      own.map { "whole numbers from 0 to \($0 - 1)" } ?? "values from \(ends.lowerBound) to \(ends.upperBound)"
    throw DataFileError(
      file: file,
      reason: "expected \(expected), as in the run's data; value \(wrong + 1) of \(values.count) is \(values[wrong])")
  }
}
