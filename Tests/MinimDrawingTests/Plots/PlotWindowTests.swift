import Foundation
import MinimDrawing
import MinimFiles
import Testing

/// Plots that show a part of the plane: what lies outside of it, and what a pixel is worth.
@Suite struct PlotWindowTests {
  private static let square = PlotFrame.square

  private static func plot(
    _ series: [Plot.Series], x: ClosedRange<Double>? = 0...1, y: ClosedRange<Double>? = 0...1, isSquare: Bool = false
  ) -> Plot {
    Plot("title", xLabel: "x", yLabel: "y", isSquare: isSquare, xRange: x, yRange: y, series)
  }

  /// The pixels of a series' color.
  private static func pixels(_ image: Image, _ color: Int = 0) -> [[Int]] {
    (0..<image.height).flatMap { y in
      (0..<image.width).filter { image[$0, y] == Plot.colors[color] }.map { [$0, y] }
    }
  }

  /// Where a point of the unit square lies.
  private static func place(_ x: Double, _ y: Double) -> [Int] {
    [square.x + Int((480 * x).rounded()), square.y + 480 - Int((480 * y).rounded())]
  }

  @Test("points are four pixels each, and what lies outside or has no place is left out")
  func points() {
    let inside: [(x: Double, y: Double)] = [(0.25, 0.75), (0.5, 0.5), (0, 0), (1, 1), (1, 0)]
    let image = Self.plot([.init(.points(inside))]).draw()
    let drawn = Self.pixels(image)
    #expect(drawn.count == 4 * inside.count)
    for point in inside { #expect(drawn.contains(Self.place(min(point.x, 479.0 / 480), max(point.y, 1.0 / 480)))) }
    #expect(drawn.allSatisfy { (Self.square.x...Self.square.x + 480).contains($0[0]) })
    #expect(drawn.allSatisfy { (Self.square.y...Self.square.y + 480).contains($0[1]) })
    let outside: [(x: Double, y: Double)] = [
      (-0.01, 0.5), (1.01, 0.5), (0.5, 1.01), (0.5, -9), (.nan, 0.5), (0.5, .nan), (.infinity, 0.5), (0.5, -.infinity),
    ]
    #expect(Self.plot([.init(.points(inside + outside))]).draw() == image)
    // Large dots alike.
    let dots = outside.map { (x: $0.x, y: $0.y, error: 0.1) }
    #expect(Self.pixels(Self.plot([.init(.dots(dots))]).draw()).isEmpty)
    #expect(Self.pixels(Self.plot([.init(.dots([(0.5, 0.5, 0)]))]).draw()).count == 25)
    // Without ranges the axes are made for them, and all are there.
    let free = Self.plot([.init(.points(inside + [(7, -3), (.nan, 2)]))], x: nil, y: nil).draw()
    #expect(Self.pixels(free).count == 4 * 6)
  }

  @Test("lines end at the frame, where a line without an end would")
  func clipping() {
    func line(_ points: [(x: Double, y: Double)]) -> [[Int]] {
      Self.pixels(Self.plot([.init(.lines([points]))]).draw())
    }
    // Level, upright and slanted; the part inside is that of the line's own ends on the frame.
    #expect(line([(-2, 0.5), (3, 0.5)]) == line([(0, 0.5), (1, 0.5)]))
    #expect(line([(-2, 0.5), (3, 0.5)]).count == 481)
    #expect(line([(0.25, 0.5), (0.25, 9)]) == line([(0.25, 0.5), (0.25, 1)]))
    #expect(line([(-1, -1), (2, 2)]) == line([(0, 0), (1, 1)]))
    #expect(line([(-0.5, 1), (0.5, 0)]) == line([(0, 0.5), (0.5, 0)]))
    // None of them meets the frame: beside it, and past a corner with both boxes overlapping.
    for ends in [[(-2, 1.5), (3, 1.5)], [(-1, 0.5), (-0.1, 0.5)], [(-0.6, 0.5), (0.5, 1.6)], [(2, 0), (2, 1)]] {
      #expect(line(ends.map { (x: $0.0, y: $0.1) }).isEmpty, "\(ends)")
    }
    // Huge, and no numbers: the first two segments have none.
    #expect(line([(0.5, 0), (0.5, .nan), (0.5, 1), (-1e308, 1)]) == line([(0.5, 1), (0, 1)]))
    #expect(line([(-1e9, 0.5), (1e9, 0.5)]) == line([(0, 0.5), (1, 0.5)]))
  }

  @Test("thin lines are one pixel wide, of one color, with one word")
  func thinLines() {
    let levels = [0.1, 0.3, 0.5, 0.7]
    let lines = levels.map { [(x: 0.0, y: $0), (x: 1.0, y: $0)] }
    func drawn(_ name: String?) -> [[Int]] {
      Self.pixels(Self.plot([.init(.lines(lines), name: name), .init(.line(lines[0].map { ($0.x, 0.9) }))]).draw())
    }
    let columns = drawn(nil).filter { $0[0] == Self.square.x + 240 }.map { $0[1] }
    #expect(columns == levels.reversed().map { Self.place(0.5, $0)[1] })
    // The word has one piece of line beside it, above the frame.
    let words = drawn("grid").filter { $0[1] < Self.square.y }
    #expect(words.count == 16 * 3 && drawn("grid").filter { $0[1] >= Self.square.y } == drawn(nil))
  }

  @Test(
    "given ranges are the frame; a square one widens the shorter about its middle, so that a unit is as long each way")
  func scales() {
    let circle = (0...400).map { step in
      let angle = 2 * Double.pi * Double(step) / 400
      return (x: 3 + cos(angle), y: -1 + sin(angle))
    }
    func extents(_ isSquare: Bool) -> (width: Int, height: Int, middle: [Int]) {
      let image = Self.plot([.init(.lines([circle]))], x: 1...5, y: -3...9, isSquare: isSquare).draw()
      let pixels = Self.pixels(image)
      let xs = pixels.map { $0[0] }, ys = pixels.map { $0[1] }
      let (left, right) = (xs.min() ?? 0, xs.max() ?? 0), (top, bottom) = (ys.min() ?? 0, ys.max() ?? 0)
      return (right - left, bottom - top, [(left + right) / 2, (top + bottom) / 2])
    }
    // 12 units on 480 pixels; x shows -3...9.
    let square = extents(true)
    #expect(square.width == 80 && square.height == 80 && square.middle == Self.place(0.5, 2.0 / 12))
    // The control: each its own scale.
    let plain = extents(false)
    #expect(plain.width == 240 && plain.height == 80)
  }

  @Test("one given range leaves the other to the values")
  func oneRange() {
    let points: [(x: Double, y: Double)] = [(0, 0), (5, 5), (10, 100)]
    let image = Self.plot([.init(.points(points))], x: 0...5, y: nil).draw()
    // The third point is beyond 5 with the axis' room, but the vertical axis has it.
    let ys = Self.pixels(image).map { $0[1] }
    #expect(ys.count == 8 && (ys.min() ?? 0) > Self.square.y + 400)
  }
}

/// The colors of fields.
@Suite struct PaletteTests {
  private static func field(_ values: [Double], _ range: ClosedRange<Double>?, _ palette: Plot.Field.Palette) -> Image {
    Plot(
      "f", xLabel: "x", yLabel: "y",
      [.init(.field(.init(values, columns: 2, x: 0...1, y: 0...1, range: range, palette: palette)))]
    ).draw()
  }

  private static func colors(_ image: Image) -> [Image.Color] {
    [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)].map { x, y in
      image[PlotFrame.square.x + Int(480 * x), PlotFrame.square.y + 480 - Int(480 * y)]
    }
  }

  @Test("fields of one range have one color for a value, and the ends' beyond it")
  func range() {
    let yellow = Image.Color(253, 231, 37), violet = Image.Color(68, 1, 84), middle = Image.Color(33, 144, 140)
    #expect(Self.colors(Self.field([0, 2, 4, .nan], 0...4, .viridis)) == [violet, middle, yellow, .magenta])
    #expect(Self.colors(Self.field([-1, 2, 9, .infinity], 0...4, .viridis)) == [violet, middle, yellow, .magenta])
    // The control: each its own range.
    #expect(Self.colors(Self.field([0, 1, 2, .nan], nil, .viridis)) == [violet, middle, yellow, .magenta])
    #expect(Self.colors(Self.field([0, 2, 4, .nan], 0...4, .blues))[0] == .white)
    // A range of one value, and a field without numbers.
    #expect(Self.colors(Self.field([0, 1, 2, 3], 1...1, .viridis)) == [violet, violet, yellow, yellow])
    #expect(Self.colors(Self.field([.nan, .nan, .nan, .nan], nil, .viridis)) == Array(repeating: .magenta, count: 4))
  }

  /// The lightness L* of a color (CIE 1976), from sRGB.
  private static func lightness(_ color: Image.Color) -> Double {
    func linear(_ value: UInt8) -> Double {
      let share = Double(value) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    let y = 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    return 116 * cbrt(y) - 16
  }

  @Test("equal steps in viridis are nearly equal steps of lightness, which blues are not")
  func evenness() {
    func steps(_ palette: Plot.Field.Palette) -> [Double] {
      let values = (0...20).map { lightness(palette, Double($0) / 20) }
      return zip(values, values.dropFirst()).map { $1 - $0 }
    }
    func lightness(_ palette: Plot.Field.Palette, _ share: Double) -> Double { Self.lightness(palette.color(share)) }
    #expect(steps(.viridis).allSatisfy { abs($0 - 3.8) < 1 }, "\(steps(.viridis))")
    #expect(!steps(.blues).allSatisfy { abs(abs($0) - 3.95) < 1 })
  }
}
