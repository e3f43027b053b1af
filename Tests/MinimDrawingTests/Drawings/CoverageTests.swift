import MinimDrawing
import MinimFiles
import Testing

/// Anti-aliased pixels: a pixel is as dark as the share of it that a shape covers.
@Suite struct CoverageTests {
  private static let black = Drawing.Ink.color(.black)

  private static func image(_ part: Drawing.Part, _ width: Int = 20, _ height: Int = 20) -> Image {
    var drawing = Drawing(width: Double(width), height: Double(height))
    drawing.parts = [part]
    return drawing.image(scale: 1)
  }

  /// The share of each pixel that is covered, to 1/255.
  private static func shares(_ image: Image) -> [Double] {
    (0..<image.width * image.height).map { Double(255 - image.pixels[3 * $0]) / 255 }
  }

  private static func polygon(_ corners: [(Double, Double)]) -> Path {
    Path([.init(corners.map { .init(x: $0.0, y: $0.1) }, isClosed: true)])
  }

  /// The area of a polygon (the shoelace formula).
  private static func area(_ corners: [(Double, Double)]) -> Double {
    let next = corners.dropFirst() + corners.prefix(1)
    return abs(zip(corners, next).reduce(0) { $0 + $1.0.0 * $1.1.1 - $1.1.0 * $1.0.1 }) / 2
  }

  @Test("a rectangle covers whole pixels whole, and others by its share of them, whatever its direction")
  func rectangle() {
    let corners = [(2.0, 3.0), (5.5, 3.0), (5.5, 6.25), (2.0, 6.25)]
    for turned in [corners, corners.reversed()] {
      let shares = Self.shares(Self.image(.fill(Self.polygon(turned), Self.black)))
      for y in 0..<20 {
        for x in 0..<20 {
          let across: Double = (2..<5).contains(x) ? 1 : x == 5 ? 0.5 : 0
          let down: Double = (3..<6).contains(y) ? 1 : y == 6 ? 0.25 : 0
          #expect(abs(shares[20 * y + x] - across * down) <= 0.5 / 255 + 1e-6, "\(x), \(y)")
        }
      }
    }
  }

  @Test(
    "the sum over all pixels is the area",
    arguments: [
      [(1.0, 1.0), (18.3, 4.7), (7.9, 17.2)], [(3.3, 2.1), (15.7, 2.9), (16.1, 14.8), (2.2, 17.9)],
      [(1.0, 10.0), (19.0, 10.2), (19.0, 10.9), (1.0, 10.7)], [(9.9, 0.5), (10.4, 0.5), (10.9, 19.5), (10.4, 19.5)],
    ])
  func areas(_ corners: [(Double, Double)]) {
    let sum = Self.shares(Self.image(.fill(Self.polygon(corners), Self.black))).reduce(0, +)
    // Each pixel of the edge is rounded to 1/255.
    #expect(abs(sum - Self.area(corners)) < 0.05, "\(sum)")
  }

  @Test("a slanted edge has the shares of its pixels: half of those that it halves")
  func diagonal() {
    let shares = Self.shares(Self.image(.fill(Self.polygon([(0, 0), (20, 20), (0, 20)]), Self.black)))
    for y in 0..<20 {
      for x in 0..<20 {
        #expect(abs(shares[20 * y + x] - (x < y ? 1 : x == y ? 0.5 : 0)) <= 0.5 / 255 + 1e-6)
      }
    }
  }

  @Test("what lies beyond the image is left out, and no number is no shape")
  func beyond() {
    let whole = Self.shares(Self.image(.fill(Self.polygon([(-50, -50), (70, -50), (70, 70), (-50, 70)]), Self.black)))
    #expect(whole.allSatisfy { $0 == 1 })
    for corners in [[(30.0, 2.0), (40, 2), (40, 9)], [(2, 30), (9, 30), (9, 40)], [(-9, 2), (-2, 2), (-2, 9)]] {
      #expect(Self.shares(Self.image(.fill(Self.polygon(corners), Self.black))).allSatisfy { $0 == 0 })
    }
    let odd = Self.polygon([(1, 1), (.nan, 5), (5, .infinity)])
    _ = Self.image(.fill(odd, Self.black))
    _ = Self.image(.stroke(odd, .init(Self.black, width: 2)))
  }

  @Test("a line is as wide as it says, also where its pieces meet")
  func strokes() {
    func sum(_ points: [(Double, Double)], _ width: Double, dash: Double? = nil) -> Double {
      let path = Path([.init(points.map { .init(x: $0.0, y: $0.1) })])
      return Self.shares(Self.image(.stroke(path, .init(Self.black, width: width, dash: dash)))).reduce(0, +)
    }
    #expect(abs(sum([(2, 10), (18, 10)], 3) - 48) < 0.1)
    #expect(abs(sum([(2, 2), (14, 18)], 2) - 40) < 0.3)
    // The joint of a right angle: two rectangles, less the square that they share, and a quarter of a disk.
    let corner = sum([(4, 4), (14, 4), (14, 14)], 4)
    #expect(abs(corner - (40 + 40 - 4 + .pi)) < 0.3, "\(corner)")
    // Dashes cover half, and begin with one.
    #expect(abs(sum([(2, 10), (18, 10)], 2, dash: 2) - 16) < 0.2)
    let dashed = Self.shares(
      Self.image(
        .stroke(Path([.init([.init(x: 2, y: 10), .init(x: 18, y: 10)])]), .init(Self.black, width: 2, dash: 2))))
    #expect(
      (0..<20).map { dashed[20 * 10 + $0] } == (0..<20).map { (2..<18).contains($0) && ($0 - 2) / 2 % 2 == 0 ? 1 : 0 })
  }

  @Test("a disk has its area, and dots that overlap are drawn once")
  func disks() {
    func sum(_ points: [(Double, Double)], _ radius: Double) -> Double {
      let part = Drawing.Part.dots(points.map { .init(x: $0.0, y: $0.1) }, radius: radius, Self.black)
      return Self.shares(Self.image(part)).reduce(0, +)
    }
    // A polygon of 24 corners has 0.9886 of the disk.
    #expect(abs(sum([(10, 10)], 7) - 12 * 0.25881904510252074 * 49) < 0.2)
    #expect(abs(sum([(10, 10), (10, 10)], 7) - sum([(10, 10)], 7)) < 3)
  }

  @Test("words cover what their letters do, and upright ones as much")
  func words() {
    // The letter l is a rectangle from 94 to 184 and 760 high, in thousandths.
    func sum(_ isUpright: Bool) -> Double {
      let words = Drawing.Words("l", x: 10, y: 15, size: 15, anchor: .middle, ink: Self.black, isUpright: isUpright)
      return Self.shares(Self.image(.words(words), 30, 30)).reduce(0, +)
    }
    #expect(abs(sum(false) - 0.090 * 0.760 * 225) < 0.05 && abs(sum(true) - sum(false)) < 0.05)
  }

  @Test("an image fills its box with sharp pixels")
  func images() {
    var picture = Image(width: 2, height: 1, rgb: true)
    (picture[0, 0], picture[1, 0]) = (.red, .black)
    let drawn = Self.image(.image(picture, Box(left: 4, top: 5, right: 12, bottom: 9)))
    for y in 0..<20 {
      for x in 0..<20 {
        let expected: Image.Color =
          (5..<9).contains(y) ? (4..<8).contains(x) ? .red : (8..<12).contains(x) ? .black : .white : .white
        #expect(drawn[x, y] == expected)
      }
    }
  }
}
