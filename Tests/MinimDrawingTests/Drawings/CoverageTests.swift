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

  private static func polygon(_ corners: [(Double, Double)]) -> Shape {
    Shape([.init(corners.map { .init(x: $0.0, y: $0.1) }, isClosed: true)])
  }

  /// The area of a polygon (the shoelace formula).
  private static func area(_ corners: [(Double, Double)]) -> Double {
    var sum = 0.0
    for (index, start) in corners.enumerated() {
      let end = corners[(index + 1) % corners.count]
      sum += start.0 * end.1 - end.0 * start.1
    }
    return abs(sum) / 2
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
          let gap: Double = abs(shares[20 * y + x] - across * down)
          #expect(gap <= 0.002, "\(x), \(y)")
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
        let expected: Double = x < y ? 1 : x == y ? 0.5 : 0
        let gap: Double = abs(shares[20 * y + x] - expected)
        #expect(gap <= 0.002)
      }
    }
  }

  @Test("what lies beyond the image is left out, and no number is no shape")
  func beyond() {
    let whole: [(Double, Double)] = [(-50, -50), (70, -50), (70, 70), (-50, 70)]
    #expect(Self.shares(Self.image(.fill(Self.polygon(whole), Self.black))).allSatisfy { $0 == 1 })
    let outside: [[(Double, Double)]] = [
      [(30, 2), (40, 2), (40, 9)], [(2, 30), (9, 30), (9, 40)], [(-9, 2), (-2, 2), (-2, 9)],
    ]
    for corners in outside {
      #expect(Self.shares(Self.image(.fill(Self.polygon(corners), Self.black))).allSatisfy { $0 == 0 })
    }
    let odd: [(Double, Double)] = [(1, 1), (.nan, 5), (5, .infinity)]
    #expect(Self.stroked(odd, 2).allSatisfy { $0 == 0 })
  }

  /// The shares of the pixels that a line covers.
  private static func stroked(_ points: [(Double, Double)], _ width: Double, dashes: [Double] = []) -> [Double] {
    let line = Shape([.init(points.map { Shape.Point(x: $0.0, y: $0.1) })])
    return shares(image(.stroke(line, Drawing.Stroke(black, width: width, dashes: dashes))))
  }

  @Test("a line is as wide as it says, also where its pieces meet")
  func strokes() {
    let level: [(Double, Double)] = [(2, 10), (18, 10)]
    let slanted: [(Double, Double)] = [(2, 2), (14, 18)]
    let angle: [(Double, Double)] = [(4, 4), (14, 4), (14, 14)]
    let areas: [Double] = [
      Self.stroked(level, 3).reduce(0, +), Self.stroked(slanted, 2).reduce(0, +), Self.stroked(angle, 4).reduce(0, +),
      Self.stroked(level, 2, dashes: [2, 2]).reduce(0, +),
    ]
    // The joint of a right angle: two rectangles, less the square that they share, and a quarter of a disk. Dashes cover half.
    let expected: [Double] = [48, 40, 76 + Double.pi, 16]
    for (area, value) in zip(areas, expected) { #expect(abs(area - value) < 0.3, "\(area) for \(value)") }
  }

  @Test("a dashed line begins with a dash")
  func dashes() {
    let dashed = Self.stroked([(2.0, 10.0), (18.0, 10.0)], 2, dashes: [2, 2])
    for x in 0..<20 {
      let isDrawn: Bool = (2..<18).contains(x) && (x - 2) / 2 % 2 == 0
      let share: Double = isDrawn ? 1 : 0
      #expect(abs(dashed[20 * 10 + x] - share) < 0.01, "\(x)")
    }
    // Long, gap, short, gap, and again.
    let mixed = Self.stroked([(2.0, 10.0), (18.0, 10.0)], 2, dashes: [4, 2, 1, 1])
    let drawn = (0..<20).filter { mixed[20 * 10 + $0] > 0.5 }
    #expect(drawn == [2, 3, 4, 5, 8, 10, 11, 12, 13, 16])
  }

  @Test("a disk has its area, and dots that overlap are drawn once")
  func disks() {
    func sum(_ points: [Shape.Point]) -> Double {
      Self.shares(Self.image(.dots(points, .disk, radius: 7, Self.black))).reduce(0, +)
    }
    let center = Shape.Point(x: 10, y: 10)
    // A polygon of 24 corners has 12 sin(15 degrees) r^2.
    let area: Double = 12 * 0.25881904510252074 * 49
    #expect(abs(sum([center]) - area) < 0.2)
    // Only the pixels of the edge, at most 2 pi r, can be darker.
    #expect(abs(sum([center, center]) - area) < 22)
  }

  @Test(
    "marks are about as large as a disk and differ in their pixels; open ones have a hole", arguments: Mark.allCases)
  func marks(_ mark: Mark) {
    func shares(_ mark: Mark) -> [Double] {
      Self.shares(Self.image(.dots([.init(x: 10, y: 10)], mark, radius: 5, Self.black)))
    }
    let own = shares(mark), disk = shares(.disk).reduce(0, +)
    #expect((0.55 * disk..<1.3 * disk).contains(own.reduce(0, +)), "\(own.reduce(0, +)) for \(disk)")
    let isOpen = [Mark.ring, .openSquare, .openTriangle, .openDiamond].contains(mark)
    #expect((own[20 * 10 + 10] < 0.01) == isOpen)
    for other in Mark.allCases where other != mark {
      let gap = zip(own, shares(other)).reduce(0) { $0 + abs($1.0 - $1.1) }
      #expect(gap > 0.15 * disk, "\(other)")
    }
    // One drawn twice is one.
    let twice = Self.shares(
      Self.image(.dots([.init(x: 10, y: 10), .init(x: 10, y: 10)], mark, radius: 5, Self.black)))
    #expect(isOpen || zip(own, twice).allSatisfy { $1 >= $0 - 0.01 })
  }

  @Test("words cover what their letters do, and upright ones as much")
  func words() {
    // The letter l is a rectangle from 94 to 184 and 760 high, in thousandths.
    func sum(_ isUpright: Bool) -> Double {
      let words = Drawing.Words("l", x: 15, y: 15, size: 15, anchor: .middle, ink: Self.black, isUpright: isUpright)
      return Self.shares(Self.image(.words(words), 30, 30)).reduce(0, +)
    }
    let area: Double = 0.090 * 0.760 * 225
    #expect(abs(sum(false) - area) < 0.05 && abs(sum(true) - area) < 0.05)
  }

  @Test("an image fills its box with sharp pixels")
  func images() {
    var picture = Image(width: 2, height: 1, rgb: true)
    (picture[0, 0], picture[1, 0]) = (.red, .black)
    let drawn = Self.image(.image(picture, Box(left: 4, top: 5, right: 12, bottom: 9)))
    for y in 0..<20 {
      for x in 0..<20 {
        var expected = Image.Color.white
        if (5..<9).contains(y), (4..<8).contains(x) { expected = .red }
        if (5..<9).contains(y), (8..<12).contains(x) { expected = .black }
        #expect(drawn[x, y] == expected)
      }
    }
  }
}
