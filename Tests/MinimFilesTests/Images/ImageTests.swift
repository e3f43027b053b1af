import MinimFiles
import Testing

@Suite struct ImageTests {
  @Test func intensitiesBecomePixels() {
    let cases: [(Float, UInt8)] = [
      (0, 0), (1, 255), (0.5, 128), (-1, 0), (2, 255), (.infinity, 255), (-.infinity, 0), (.nan, 0), (1 / 255, 1),
      (0.4 / 255, 0), (254.6 / 255, 255), (.leastNonzeroMagnitude, 0),
    ]
    for (value, pixel) in cases { #expect(UInt8(intensity: value) == pixel) }
  }

  @Test func pixelsLieRowByRow() {
    var gray = Image(width: 3, height: 2, rgb: false)
    gray[2, 0] = .gray(7)
    gray[0, 1] = .red
    gray[3, 0] = .black
    gray[0, -1] = .black
    #expect(gray.pixels == [255, 255, 7, Image.Color.red.red, 255, 255])
    var rgb = Image(width: 1, height: 2, rgb: true, fill: .black)
    rgb[0, 1] = Image.Color(1, 2, 3)
    #expect(rgb.pixels == [0, 0, 0, 1, 2, 3])
    #expect(rgb[0, 1] == Image.Color(1, 2, 3))
  }
}
