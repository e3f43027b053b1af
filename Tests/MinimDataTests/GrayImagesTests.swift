import MinimData
import MinimFiles
import TestSupport
import Testing

@Suite struct GrayImagesTests {
  /// The definition on a finer grid: with each pixel repeated so that the lines of both grids meet, a mean over an area is
  /// a mean over a block.
  private static func reference(_ images: GrayImages, height: Int, width: Int) -> [Float] {
    let (oldHeight, oldWidth) = (images.height, images.width)
    var means: [Float] = []
    for image in 0..<images.count {
      func fine(_ y: Int, _ x: Int) -> Double {
        Double(images.values[(image * oldHeight + y / height) * oldWidth + x / width])
      }
      for row in 0..<height {
        for column in 0..<width {
          var sum = 0.0
          for y in row * oldHeight..<(row + 1) * oldHeight {
            for x in column * oldWidth..<(column + 1) * oldWidth { sum += fine(y, x) }
          }
          means.append(Float(sum / Double(oldHeight * oldWidth)))
        }
      }
    }
    return means
  }

  /// Whole numbers, whose sums are exact in any order.
  private static func random(_ count: Int, _ height: Int, _ width: Int, most: Double, seed: UInt64) -> GrayImages {
    let pixels = values(count * height * width, seed: seed).map { Float(((($0 + 1) / 2) * most).rounded()) }
    return GrayImages(height: height, width: width, values: pixels)
  }

  @Test(
    "means over areas, by blocks of a finer grid",
    arguments: [(8, 8, 5, 5), (8, 8, 8, 8), (8, 8, 4, 2), (28, 28, 8, 8), (7, 5, 3, 4), (3, 9, 1, 1), (5, 1, 2, 1)])
  func means(_ oldHeight: Int, _ oldWidth: Int, _ height: Int, _ width: Int) throws {
    let images = Self.random(7, oldHeight, oldWidth, most: 255, seed: UInt64(oldHeight * 100 + width))
    let small = try images.averaged(height: height, width: width, file: "a")
    #expect(small.height == height && small.width == width && small.count == 7)
    #expect(small.values == Self.reference(images, height: height, width: width))
    if height == oldHeight { #expect(small.values == images.values) }
    // A slip by a pixel would show.
    let shifted = GrayImages(height: oldHeight, width: oldWidth, values: images.values.dropFirst() + [0])
    #expect(small.values != Self.reference(shifted, height: height, width: width))
  }

  @Test("the mean of an image stays what it was")
  func total() throws {
    let images = Self.random(50, 8, 8, most: 16, seed: 3)
    let small = try images.averaged(height: 5, width: 5, file: "a")
    for image in 0..<50 {
      let old = images.values[image * 64..<image * 64 + 64].reduce(0) { $0 + Double($1) } / 64
      let new = small.values[image * 25..<image * 25 + 25].reduce(0) { $0 + Double($1) } / 25
      #expect(abs(old - new) < 1e-6)
    }
  }

  @Test("a mean that is a whole number is exactly that, and a little less is less")
  func ties() throws {
    for (height, width) in [(8, 8), (28, 28), (256, 256), (13, 11)] {
      let pixels = height * width
      // Half of them 0 and half 12; an odd one in the middle has 6.
      var halves = (0..<pixels).map { Float($0 * 2 + 1 == pixels ? 6 : $0 * 2 < pixels ? 0 : 12) }
      let tie = GrayImages(height: height, width: width, values: halves)
      #expect(try tie.averaged(height: 1, width: 1, file: "a").values == [6])
      halves[pixels - 1] -= 1
      let less = GrayImages(height: height, width: width, values: halves)
      #expect(try less.averaged(height: 1, width: 1, file: "a").values[0] < 6)
    }
    let constant = GrayImages(height: 8, width: 8, values: [Float](repeating: 6, count: 64))
    #expect(try constant.averaged(height: 5, width: 5, file: "a").values == [Float](repeating: 6, count: 25))
  }

  @Test func middle() {
    #expect(GrayImages(height: 1, width: 2, values: [-3, 4, 0, 7]).middle == 2)
    #expect(GrayImages(height: 1, width: 1, values: [5]).middle == 5)
    // What is black all over, or below, is off.
    #expect(GrayImages(height: 1, width: 2, values: [0, 0]).middle == 0.5)
    #expect(GrayImages(height: 1, width: 2, values: [-4, -4]).middle == -2)
  }

  @Test("images cannot be made larger", arguments: [(9, 1), (1, 6), (9, 6)])
  func larger(_ height: Int, _ width: Int) {
    let images = Self.random(1, 8, 5, most: 9, seed: 1)
    let error = #expect(throws: DataFileError.self) { try images.averaged(height: height, width: width, file: "a.npy") }
    #expect(error?.file == "a.npy" && error?.reason.contains("8x5") == true)
    #expect(error?.reason.contains("\(height)x\(width)") == true)
  }
}
