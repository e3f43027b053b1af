import MinimAutodiff
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct MaskStackTests {
  // MARK: Against numbers found by other means

  @Test func goldenHoldsTheStacksOfTheMetric() {
    #expect(GoldenStack.all.count >= 12)
    for name in ["AA", "AB", "BA", "BB"] { #expect(GoldenStack[name].stack.masks.count == 2) }
  }

  @Test(arguments: GoldenStack.all) func receptiveFieldsAreGolden(_ golden: GoldenStack) {
    let fields = golden.stack.receptiveFields(height: 5, width: 5).map { $0.map { labels5x5[$0] } }
    #expect(fields.count == 25)
    for (label, field) in zip(labels5x5, fields) { #expect(field == golden.field(label), "pixel \(label)") }
    #expect(fields[12] == golden.value["rf_33"]?.integers)
    #expect(fields[12].count == golden.value["size"]?.integer)
  }

  @Test(arguments: GoldenStack.all) func blindPixelsAreGolden(_ golden: GoldenStack) throws {
    let blind = golden.stack.blindPixels(height: 5, width: 5)
    #expect(blind[12].map { labels5x5[$0] } == golden.value["blind_33"]?.integers)
    let counts = try #require(golden.value["blind_counts"]?.array).flatMap { $0.integers ?? [] }
    #expect(blind.map(\.count) == counts)
  }

  @Test(arguments: GoldenStack.all) func autoregressiveIsGolden(_ golden: GoldenStack) throws {
    let seesItself = try #require(golden.value["sees_itself"]?.bool as Bool?)
    let seesFuture = try #require(golden.value["sees_future"]?.bool as Bool?)
    #expect(golden.stack.isAutoregressive(height: 5, width: 5) == (!seesItself && !seesFuture))
    let fields = golden.stack.receptiveFields(height: 5, width: 5)
    #expect(fields.enumerated().contains { $1.contains($0) } == seesItself)
    #expect(fields.enumerated().contains { pixel, field in field.contains { $0 > pixel } } == seesFuture)
  }

  // MARK: Against the definition

  /// Which pixels reach which, as products of Boolean matrices of single layers.
  private func reference(_ stack: MaskStack, height: Int, width: Int) -> [[Int]] {
    let count = height * width
    func sees(_ mask: Mask, _ from: Int, _ to: Int) -> Bool {
      let (down, right) = (to / width - from / width, to % width - from % width)
      guard max(abs(down), abs(right)) <= mask.size / 2 else { return false }
      return to < from || (to == from && mask.kind == .b)
    }
    var reach = (0..<count).map { row in (0..<count).map { $0 == row } }
    for (depth, mask) in stack.masks.enumerated().reversed() {
      reach = reach.map { row in
        (0..<count).map { to in
          (stack.wiring == .residual && depth > 0 && row[to]) || (0..<count).contains { row[$0] && sees(mask, $0, to) }
        }
      }
    }
    return reach.map { row in row.indices.filter { row[$0] } }
  }

  @Test(arguments: ["A3", "B1", "A3,B3", "A7,B3,B1", "B5,A3", "A3,A5,B3", "B3,B3,A1", "A31,B3"], [false, true])
  func receptiveFieldsAreProductsOfLayers(_ text: String, _ residual: Bool) throws {
    let stack = try #require(MaskStack(text, residual ? .residual : .plain))
    for (height, width) in [(1, 1), (1, 6), (6, 1), (3, 5), (4, 7)] {
      #expect(
        stack.receptiveFields(height: height, width: width) == reference(stack, height: height, width: width),
        "\(height)x\(width)")
    }
  }

  /// The same for two stacks, as products over nodes (stack, pixel): the image feeds both, the head reads the horizontal one.
  private func gatedReference(_ stack: MaskStack, height: Int, width: Int) -> [[Int]] {
    let count = height * width
    var reach = (0..<count).map { Set([$0]) }
    var vertical = [Set<Int>](repeating: [], count: count)
    // From the image upward: what each node of a layer has seen, from what those of the layer below have.
    var (h, v) = (reach, reach)
    for (depth, mask) in stack.masks.enumerated() {
      let half = mask.size / 2
      for pixel in 0..<count {
        let (row, column) = (pixel / width, pixel % width)
        vertical[pixel] = (0..<count).reduce(into: []) { seen, other in
          let (up, aside) = (row - other / width, abs(column - other % width))
          if (0...half).contains(up), aside <= half { seen.formUnion(v[other]) }
        }
      }
      for pixel in 0..<count {
        var seen: Set<Int> = depth > 0 ? h[pixel] : []
        for other in pixel / width * width..<(pixel / width + 1) * width where other < pixel || mask.kind == .b {
          if other <= pixel, pixel - other <= half { seen.formUnion(h[other]) }
        }
        if pixel >= width { seen.formUnion(vertical[pixel - width]) }
        reach[pixel] = seen
      }
      (h, v) = (reach, vertical)
    }
    return reach.map { $0.sorted() }
  }

  @Test(
    "two stacks see what products of their layers say", arguments: ["A3", "A1", "A3,B3", "A5,B3,B1", "B3,A3", "A7,B5"])
  func gatedReceptiveFieldsAreProductsOfLayers(_ text: String) throws {
    let stack = try #require(MaskStack(text, .gated))
    for (height, width) in [(1, 1), (1, 6), (6, 1), (3, 5), (4, 7)] {
      #expect(
        stack.receptiveFields(height: height, width: width) == gatedReference(stack, height: height, width: width),
        "\(height)x\(width)")
    }
  }

  @Test("two stacks have no blind spot once they reach across the canvas; one stack of the same masks has")
  func gatedStacksHaveNoBlindSpot() throws {
    let masks = "A3,B3,B3,B3"
    let gated = try #require(MaskStack(masks, .gated))
    #expect(gated.blindPixels(height: 5, width: 5).allSatisfy { $0.isEmpty })
    #expect(gated.isAutoregressive(height: 5, width: 5))
    let single = try #require(MaskStack(masks, .residual))
    #expect(single.blindPixels(height: 5, width: 5).contains { !$0.isEmpty })
    let shallow = try #require(MaskStack("A3,B3,B3", .gated))
    #expect(shallow.blindPixels(height: 5, width: 5)[24] == [0, 5, 10, 15, 20])
    #expect(!gated.withOtherFirstMask.isAutoregressive(height: 5, width: 5))
  }

  /// Whatever A allows, B of the same size allows: a path through both can be walked the other way round, over the very
  /// same pixel between, or stays in place for one layer.
  @Test func theOrderOfTwoMasksOfOneSizeDoesNotMatter() {
    for size in [1, 3, 5, 7] {
      let (a, b) = (Mask(.a, size), Mask(.b, size))
      for (height, width) in [(5, 5), (4, 9), (1, 5), (8, 2)] {
        #expect(
          MaskStack([a, b]).receptiveFields(height: height, width: width)
            == MaskStack([b, a]).receptiveFields(height: height, width: width),
          "\(a) and \(b) on \(height)x\(width)")
      }
    }
  }

  /// With a small A and a large B the path the other way round may leave the canvas, so at its border the order matters,
  /// and only there: the two kernels reach four rows and columns together.
  @Test func theOrderOfTwoSizesMattersAtTheBorder() {
    let (height, width) = (7, 11)
    let there = MaskStack([Mask(.a, 3), Mask(.b, 7)]).receptiveFields(height: height, width: width)
    let back = MaskStack([Mask(.b, 7), Mask(.a, 3)]).receptiveFields(height: height, width: width)
    #expect(there != back)
    for row in 4..<height {
      for column in 4..<width - 4 { #expect(there[row * width + column] == back[row * width + column]) }
    }
  }

  /// Each 3x3 layer goes at most one column to the right for each row up.
  @Test(arguments: 1...10) func threeByThreeSeesACone(_ depth: Int) {
    let stack = MaskStack([Mask(.a, 3)] + Array(repeating: Mask(.b, 3), count: depth - 1))
    let (height, width) = (7, 9)
    var edges = 0
    for (pixel, field) in stack.receptiveFields(height: height, width: width).enumerated() {
      for seen in field {
        let (up, right) = (pixel / width - seen / width, seen % width - pixel % width)
        #expect(right <= up, "\(pixel) sees \(seen)")
        edges += right == up && up > 1 ? 1 : 0
      }
    }
    // The law is tight from two layers on.
    #expect((edges > 0) == (depth > 1))
  }

  /// The control: a 5x5 kernel leaves the cone at once.
  @Test func fiveByFiveLeavesTheCone() {
    let fields = MaskStack([Mask(.a, 5)]).receptiveFields(height: 7, width: 9)
    #expect(fields[3 * 9 + 3].contains(2 * 9 + 5))
  }

  // MARK: Skips

  @Test func skipsLeakWhereTheyPassEveryA() throws {
    func isValid(_ text: String, residual: Bool) throws -> Bool {
      try #require(MaskStack(text, residual ? .residual : .plain)).isAutoregressive(height: 5, width: 5)
    }
    #expect(try isValid("B3,A3", residual: false))
    #expect(try !isValid("B3,A3", residual: true))
    #expect(try isValid("A3,B3,B3", residual: true))
    #expect(try isValid("A3,A3", residual: true))
    #expect(try !isValid("B3,B3", residual: true))
  }

  /// A mask B shows its own pixel, so a skip around it adds no path; around a mask A it does.
  @Test func skipsAddPathsOnlyAroundA() throws {
    func fields(_ text: String, _ residual: Bool) throws -> [[Int]] {
      try #require(MaskStack(text, residual ? .residual : .plain)).receptiveFields(height: 5, width: 5)
    }
    #expect(try fields("A3,B3,B3", true) == fields("A3,B3,B3", false))
    #expect(try fields("A3,A3", true) != fields("A3,A3", false))
    let (one, two, either) = (try fields("A3", false), try fields("A3,A3", false), try fields("A3,A3", true))
    for pixel in 0..<25 { #expect(either[pixel] == Set(one[pixel] + two[pixel]).sorted()) }
  }

  // MARK: Names

  @Test func namesOfMasks() {
    #expect(Mask("A3") == Mask(.a, 3) && Mask("B31") == Mask(.b, 31) && Mask("B1") == Mask(.b, 1))
    for name in ["A3", "B7", "A31"] { #expect(Mask(name)?.description == name) }
    for bad in [
      "", "A", "3", "a3", "C3", "N3", "A0", "A2", "B4", "A-3", "A+3", "A33", "A3 ", " A3", "A3.0", "AA3", "A3,", "3A",
    ] {
      #expect(Mask(bad) == nil, "\(bad)")
    }
  }

  @Test func namesOfStacks() throws {
    #expect(MaskStack("A3,B5") == MaskStack([Mask(.a, 3), Mask(.b, 5)]))
    #expect(try #require(MaskStack("A3,B5")).description == "A3,B5")
    #expect(try #require(MaskStack("A3,B5", .residual)).description == "A3,B5 residual")
    for bad in ["", ",", "A3,", ",A3", "A3,,B3", "A3;B3", "A3, B3", "A3,B4"] {
      #expect(MaskStack(bad) == nil, "\(bad)")
    }
  }

  @Test func wrongNamesAreExplained() throws {
    #expect(Mask.problem("A3") == nil)
    #expect(try #require(Mask.problem("B4")).contains("\"B4\": kernel size must be odd"))
    for bad in ["C3", "", "a3", "A33", "A"] {
      let text = try #require(Mask.problem(bad))
      #expect(text.contains("\"\(bad)\" is not a mask") && text.contains("1 to 31"))
    }
  }

  /// The live taps of 3x3, as the theory prints them.
  @Test func tapsOfThreeByThree() {
    for (name, mask) in [("mask_A_3x3", Mask(.a, 3)), ("mask_B_3x3", Mask(.b, 3))] {
      let rows = Golden["pixel_rf", "receptive_fields", name].array ?? []
      var taps: [Tap] = []
      for (row, values) in rows.enumerated() {
        for (column, value) in (values.array ?? []).enumerated() where value.number == 1 {
          taps.append(Tap(row: row - 1, column: column - 1))
        }
      }
      #expect(mask.taps == taps && !taps.isEmpty)
    }
  }
}
