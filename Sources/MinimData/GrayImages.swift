import MinimFiles

/// Images of one size in the units of their file.
package struct GrayImages: Sendable {
  package let height: Int, width: Int
  /// [count, height, width]
  package let values: [Float]

  package init(height: Int, width: Int, values: [Float]) {
    self.height = height
    self.width = width
    self.values = values
  }

  package var count: Int { values.count / (height * width) }

  /// The smallest and the largest value.
  var ends: (least: Float, most: Float) { (values.min() ?? 0, values.max() ?? 0) }

  /// Halfway between the smallest and the largest value. If all are the same, a value above 0 is on, so it is that value; 0
  /// and less are off, so it is larger.
  package var middle: Double {
    let (least, most) = (Double(ends.least), Double(ends.most))
    if least < most { return (least + most) / 2 }
    return least > 0 ? least : least == 0 ? 0.5 : least / 2
  }

  /// Whether all values are whole numbers.
  var isWhole: Bool { values.allSatisfy { $0 == $0.rounded() } }

  /// The values rounded to whole numbers.
  var rounded: GrayImages { GrayImages(height: height, width: width, values: values.map { $0.rounded() }) }

  /// Smaller images whose pixels are the means over the areas that they cover: a pixel on a border counts for each area
  /// with its share. They are not rounded.
  ///
  /// - Throws: `DataFileError` if the images are already smaller than that.
  package func averaged(height: Int, width: Int, file: String) throws -> GrayImages {
    guard height <= self.height, width <= self.width else {
      throw DataFileError(
        file: file,
        reason: "its images are \(self.height)x\(self.width): they can only be averaged to fewer pixels, "
          + "not to \(height)x\(width). Change \"data.size\"")
    }
    let rows = Self.covers(self.height, height), columns = Self.covers(self.width, width)
    let area = Double(self.height * self.width)
    let size = self.height * self.width
    var small: [Float] = []
    small.reserveCapacity(count * height * width)
    for start in stride(from: 0, to: values.count, by: size) {
      for row in rows {
        for column in columns {
          var sum = 0.0
          for y in row {
            for x in column {
              sum += Double(y.share * x.share) * Double(values[start + y.index * self.width + x.index])
            }
          }
          small.append(Float(sum / area))
        }
      }
    }
    return GrayImages(height: height, width: width, values: small)
  }

  /// For each of `fewer` equal parts of a line of `count` pixels, the pixels that it covers, their shares in units of 1
  /// / fewer of a pixel: whole numbers, so that a mean is exact.
  private static func covers(_ count: Int, _ fewer: Int) -> [[(index: Int, share: Int)]] {
    (0..<fewer).map { part in
      let (start, end) = (part * count, (part + 1) * count)
      return (start / fewer...(end - 1) / fewer).map { index in
        (index, min(end, (index + 1) * fewer) - max(start, index * fewer))
      }
    }
  }
}
