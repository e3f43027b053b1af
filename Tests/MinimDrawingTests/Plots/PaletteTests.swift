import Foundation
import MinimDrawing
import MinimFiles
import Testing

/// The colors of fields.
@Suite struct PaletteTests {
  private static func field(_ values: [Double], _ range: ClosedRange<Double>?, _ palette: Plot.Field.Palette) -> Plot {
    Plot(
      "f", xLabel: "x", yLabel: "y",
      [.init(.field(.init(values, named: "v", columns: 2, x: 0...1, y: 0...1, range: range, palette: palette)))])
  }

  private static func colors(_ plot: Plot) -> [Image.Color] {
    let (image, frame) = (plot.draw(), plot.frame)
    return [(0.27, 0.27), (0.77, 0.27), (0.27, 0.77), (0.77, 0.77)].map { x, y in
      image[
        Int(Drawing.scale * (frame.left + frame.width * x)), Int(Drawing.scale * (frame.bottom - frame.height * y))]
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

  @Test("the four colors of small points differ in gray, which the first four colors of series do not")
  func parts() {
    func smallestStep(_ colors: [Int]) -> Double {
      let values = colors.map { Self.lightness(Plot.colors[$0]) }.sorted()
      return zip(values, values.dropFirst()).map { $1 - $0 }.min() ?? 0
    }
    #expect(smallestStep(Plot.parts) > 10)
    #expect(smallestStep([0, 1, 2, 3]) < 5)
  }
}
