import MinimFiles

/// The gray values of images, as they are or in fewer levels.
struct GrayLevels {
  /// The values of all images: in the unit of the file, or whole numbers from 0 on if they were put in levels.
  let values: [Float]
  /// The number of levels; nil if the values are not whole numbers from 0 to at most 255.
  let levels: Int?
  /// The values of black and white.
  let range: ClosedRange<Float>
  /// The values in words, for the name of the data.
  let description: String

  /// The most levels that values have by themselves.
  static let most = 256

  /// - Parameters:
  ///   - images: the images in the unit of their file.
  ///   - asked: the number of levels to round down to; nil for the values as they are.
  /// - Throws: `DataFileError` if there are fewer levels than asked for.
  init(_ images: GrayImages, levels asked: Int?, file: String) throws(DataFileError) {
    let (least, largest) = (images.values.min() ?? 0, images.values.max() ?? 0)
    let isWhole =
      least >= 0 && largest < Float(Self.most) && images.values.allSatisfy { $0 == $0.rounded() }
    let own = isWhole ? Int(largest) + 1 : nil
    guard let asked, asked != own else {
      (values, levels) = (images.values, own)
      // Real values between 0 and 1 are shares of white.
      let ends: ClosedRange<Float> = own != nil ? 0...largest : least >= 0 && largest <= 1 ? 0...1 : least...largest
      // If all are the same, any range will do.
      range = ends.lowerBound < ends.upperBound ? ends : ends.lowerBound...ends.lowerBound + 1
      description = "gray from \(own == nil ? "\(least)" : "0") to \(own == nil ? "\(largest)" : "\(Int(largest))")"
      return
    }
    if let own, own < asked {
      throw DataFileError(
        file: file,
        reason: "its pixels have \(own) levels, 0 to \(own - 1): \"data.levels\" can be at most \(own), got \(asked)")
    }
    // With whole numbers, level k begins at the smallest of at least k own / asked.
    let (start, width) = own.map { (0.0, Double($0)) } ?? (Double(least), max(1e-30, Double(largest) - Double(least)))
    values = images.values.map { value in
      let place = (Double(value) - start) * Double(asked) / width
      return Float(min(Double(asked - 1), place.rounded(.down)))
    }
    levels = asked
    range = 0...Float(asked - 1)
    description =
      "gray from \(own == nil ? "\(least)" : "0") to \(own == nil ? "\(largest)" : "\(Int(largest))") in \(asked) levels"
  }
}
