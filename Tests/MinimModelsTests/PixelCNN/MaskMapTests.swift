import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct MaskMapTests {
  private func stack(_ text: String, residual: Bool = false) throws -> MaskStack {
    try #require(MaskStack(text, residual ? .residual : .plain))
  }

  @Test(arguments: GoldenStack.all) func cellsAreGolden(_ golden: GoldenStack) throws {
    let maps = MaskMap.all(golden.stack, height: 5, width: 5)
    #expect(maps.count == 25)
    for (map, pixel) in zip(maps, labels5x5) {
      let field = try #require(golden.field(pixel))
      for (cell, label) in zip(map.cells, labels5x5) {
        let expected: MaskMap.Cell =
          switch (label, field.contains(label)) {
          case (..<pixel, true): .seen
          case (..<pixel, false): .blind
          case (pixel, false): .itself
          case (pixel, true): .leak
          default: .later
          }
        #expect(cell == expected, "pixel \(pixel), cell \(label)")
      }
      #expect(map.receptiveField == field)
      #expect(map.isAutoregressive == (golden.value["sees_itself"]?.bool == false))
      #expect(map.seesItself == field.contains(pixel))
    }
    #expect(maps[12].labels(.blind) == golden.value["blind_33"]?.integers)
  }

  /// Without a mask the pixel and all after it are leaks, not only seen.
  @Test func seenLaterPixelsAreLeaks() {
    let open = MaskStack([Mask(.none, 3)])
    let map = MaskMap(open, pixel: 4, height: 3, width: 3)
    #expect(map.cells == Array(repeating: .seen, count: 4) + Array(repeating: .leak, count: 5))
    #expect(!map.isAutoregressive && map.receptiveField == [11, 12, 13, 21, 22, 23, 31, 32, 33])
  }

  @Test func labelsNameRowAndColumn() throws {
    let map = MaskMap(try stack("A3"), pixel: 5, height: 2, width: 4)
    #expect((0..<8).map(map.label) == [11, 12, 13, 14, 21, 22, 23, 24])
    for index in 0..<8 { #expect(MaskMap.index(ofLabel: map.label(index), height: 2, width: 4) == index) }
    for outside in [-11, 0, 9, 10, 15, 20, 25, 31, 111, Int.min, Int.max] {
      #expect(MaskMap.index(ofLabel: outside, height: 2, width: 4) == nil, "\(outside)")
    }
    #expect(MaskMap.index(ofLabel: 99, height: 9, width: 9) == 80)
  }

  @Test func oneMapIsOneOfAll() throws {
    let stack = try stack("A3,B3")
    for (index, map) in MaskMap.all(stack, height: 3, width: 4).enumerated() {
      #expect(map == MaskMap(stack, pixel: index, height: 3, width: 4) && map.pixel == index)
    }
  }

  @Test func summariesSayWhatIsSeenAndWhatThatMeans() throws {
    func summary(_ text: String, _ pixel: Int, residual: Bool = false) throws -> String {
      MaskMap(try stack(text, residual: residual), pixel: pixel, height: 5, width: 5).summary
    }
    #expect(
      try summary("A3,B3", 12)
        == "A3,B3: pixel 33 sees 11 of the 12 earlier pixels: 11 12 13 14 15 21 22 23 24 31 32; blind: 25. "
        + "Valid autoregressive model.")
    #expect(
      try summary("B3,B3", 12)
        == "B3,B3: pixel 33 sees 11 of the 12 earlier pixels: 11 12 13 14 15 21 22 23 24 31 32; blind: 25. "
        + "NOT autoregressive: it sees itself.")
    #expect(try summary("A5", 2) == "A5: pixel 13 sees all 2 earlier pixels: 11 12. Valid autoregressive model.")
    #expect(try summary("A3", 1) == "A3: pixel 12 sees the only earlier pixel: 11. Valid autoregressive model.")
    #expect(try summary("A3", 0) == "A3: pixel 11 is the first and sees nothing. Valid autoregressive model.")
    #expect(try summary("B3", 0) == "B3: pixel 11 is the first and sees itself. NOT autoregressive: it sees itself.")
    #expect(
      try summary("A3,A3", 1)
        == "A3,A3: pixel 12 sees none of the 1 earlier pixel; blind: 11. Valid autoregressive model.")
    #expect(try summary("B3,A3", 12, residual: true).hasSuffix("NOT autoregressive: it sees itself."))
  }

  @Test func summariesOfAllPixelsCount() throws {
    let golden = GoldenStack["AB"]
    let blind = try #require(golden.value["blind_counts"]?.array).flatMap { $0.integers ?? [] }
    let maps = MaskMap.all(golden.stack, height: 5, width: 5)
    #expect(
      MaskMap.summary(ofAll: maps)
        == "A3,B3: \(blind.filter { $0 == 0 }.count) of 25 pixels see every earlier pixel; \(blind.reduce(0, +)) of the "
        + "300 pairs are blind. Valid autoregressive model.")
    let leaking = MaskMap.all(try stack("B3"), height: 5, width: 5)
    #expect(MaskMap.summary(ofAll: leaking).hasSuffix("NOT autoregressive: a pixel sees itself."))
  }
}
