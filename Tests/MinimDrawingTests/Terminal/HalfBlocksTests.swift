import MinimDrawing
import MinimFiles
import Testing

@Suite struct HalfBlocksTests {
  static func terminal(_ width: Int, _ colors: Terminal.Colors = .none) -> Terminal {
    Terminal(width: width, isInteractive: true, colors: colors)
  }

  @Test func plainBlocksShowTwoPixelsEach() {
    let values: [Float] = [0, 1, 0, 1, 0, 0, 1, 1, 0.6, 0.4, 1, 0]
    #expect(
      HalfBlocks.draw(values, count: 1, height: 3, width: 4, terminal: Self.terminal(80)) == [" ▀▄█", "▀ ▀ "])
  }

  @Test func imagesStandSideBySideInRows() {
    let values = [Float](repeating: 1, count: 5 * 4)
    let lines = HalfBlocks.draw(values, count: 5, height: 2, width: 2, terminal: Self.terminal(8))
    #expect(lines == ["██ ██ ██", "", "██ ██"])
    #expect(HalfBlocks.draw(values, count: 5, height: 2, width: 2, terminal: Self.terminal(1)).count == 9)
    #expect(HalfBlocks.draw([], count: 0, height: 2, width: 2, terminal: Self.terminal(8)) == [])
  }

  @Test func coloredBlocksChangeColorsOnlyWhereNeeded() {
    var image = Image(width: 3, height: 2, rgb: true, fill: .black)
    image[2, 0] = Image.Color(1, 2, 3)
    #expect(
      HalfBlocks.draw(image, colors: .full) == [
        "\u{1B}[38;2;0;0;0;48;2;0;0;0m▀▀\u{1B}[38;2;1;2;3;48;2;0;0;0m▀\u{1B}[0m"
      ])
    // An odd last row leaves the terminal's own background below.
    #expect(
      HalfBlocks.draw(Image(width: 1, height: 1, rgb: false), colors: .indexed) == ["\u{1B}[38;5;231;49m▀\u{1B}[0m"])
  }

  /// The index of each gray and of some colors against the nearest entry of the terminal's palette, by search.
  @Test func indexedColorsAreNear() throws {
    let levels = [0, 95, 135, 175, 215, 255]
    let grays = (0..<24).map { 8 + 10 * $0 }
    for value in 0...255 {
      let image = Image(width: 1, height: 1, rgb: false, fill: .gray(UInt8(value)))
      let code = try #require(HalfBlocks.draw(image, colors: .indexed)[0].split(separator: ";")[safe: 2])
      let index = try #require(Int(code))
      let shown = index >= 232 ? grays[index - 232] : levels[(index - 16) % 6]
      #expect(abs(shown - value) <= 9)
      let color = Image(width: 1, height: 1, rgb: true, fill: Image.Color(UInt8(value), 0, 135))
      if value == 0 { continue }
      let cube = try #require(Int(HalfBlocks.draw(color, colors: .indexed)[0].split(separator: ";")[safe: 2] ?? ""))
      let red = levels[(cube - 16) / 36]
      #expect(abs(red - value) == levels.map { abs($0 - value) }.min() && (cube - 16) % 36 == 2)
    }
  }
}

extension Collection {
  fileprivate subscript(safe index: Index) -> Element? { indices.contains(index) ? self[index] : nil }
}
