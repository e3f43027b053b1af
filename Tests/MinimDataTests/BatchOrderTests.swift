import MinimData
import Testing

@Suite struct BatchOrderTests {
  /// The order of 14 examples in batches of `examples`.
  private static func order(_ examples: Int, _ drawing: BatchOrder.Drawing = .epoch, seed: UInt64 = 3) -> BatchOrder {
    BatchOrder(count: 14, examples: examples, drawing: drawing, seed: seed)
  }

  private static func drawn(_ order: BatchOrder, _ step: Int) -> [Int] {
    let size = order.draw(step: step)
    return Array(order.indices[..<size])
  }

  @Test("an epoch holds every example once", arguments: [1, 3, 5, 7, 13, 14])
  func anEpochIsWhole(_ examples: Int) {
    let order = Self.order(examples)
    let batches = (14 + examples - 1) / examples
    for epoch in 0..<3 {
      let drawn = (1...batches).map { Self.drawn(order, epoch * batches + $0) }
      #expect(drawn.joined().sorted() == Array(0..<14))
      #expect(drawn.dropLast().allSatisfy { $0.count == examples })
      #expect(drawn.last?.count == (14 % examples == 0 ? examples : 14 % examples))
      #expect(drawn.allSatisfy { order.sizes.contains($0.count) })
    }
    #expect(order.sizes.count == (14 % examples == 0 ? 1 : 2))
  }

  @Test("each epoch has an order of its own") func orders() {
    let order = BatchOrder(count: 200, examples: 50, drawing: .epoch, seed: 3)
    let epochs = (0..<4).map { epoch in (1...4).flatMap { Self.drawn(order, epoch * 4 + $0) } }
    #expect(Set(epochs).count == 4)
    // Two random orders have one place in common, in the mean.
    for (a, b) in zip(epochs, epochs.dropFirst()) { #expect(zip(a, b).count { $0 == $1 } < 12) }
  }

  @Test func progress() {
    let order = Self.order(5)
    let expected = [(1, 5), (1, 10), (1, 14), (2, 19), (2, 24), (2, 28), (3, 33)]
    for (index, progress) in expected.enumerated() { #expect(order.progress(step: index + 1) == progress) }
    let independent = Self.order(5, .independent)
    let drawn = [(1, 5), (1, 10), (2, 15), (2, 20), (2, 25), (3, 30)]
    for (index, progress) in drawn.enumerated() { #expect(independent.progress(step: index + 1) == progress) }
  }

  @Test("a step's examples do not depend on the steps drawn before", arguments: BatchOrder.Drawing.allCases)
  func independenceOfThePast(_ drawing: BatchOrder.Drawing) {
    let forward = Self.order(5, drawing)
    let expected = (1...20).map { Self.drawn(forward, $0) }
    let backward = Self.order(5, drawing)
    for step in (1...20).reversed() { #expect(Self.drawn(backward, step) == expected[step - 1]) }
    for step in [1, 7, 13, 20] { #expect(Self.drawn(Self.order(5, drawing), step) == expected[step - 1]) }
    for step in [4, 4, 18, 4] { #expect(Self.drawn(forward, step) == expected[step - 1]) }
  }

  @Test func independentDrawing() {
    let order = Self.order(100, .independent)
    #expect(order.sizes == [100])
    var counts = [Int](repeating: 0, count: 14)
    for step in 1...140 {
      let drawn = Self.drawn(order, step)
      #expect(drawn.count == 100 && drawn.allSatisfy { (0..<14).contains($0) })
      for index in drawn { counts[index] += 1 }
    }
    // 14,000 draws, 1,000 expected of each: six standard deviations.
    #expect(counts.allSatisfy { abs($0 - 1000) < 6 * 31 })
    #expect(Self.drawn(order, 1) != Self.drawn(order, 2))
    #expect(Self.drawn(order, 1) != Self.drawn(Self.order(100, .independent, seed: 4), 1))
  }

  @Test func theWholeDataSetKeepsItsOrder() {
    let order = Self.order(14)
    for step in 1...3 { #expect(Self.drawn(order, step) == Array(0..<14)) }
  }

  @Test("examples without an end are taken in turn, whatever the drawing", arguments: BatchOrder.Drawing.allCases)
  func withoutEnd(_ drawing: BatchOrder.Drawing) {
    func order(_ seed: UInt64) -> BatchOrder { BatchOrder(count: nil, examples: 5, drawing: drawing, seed: seed) }
    #expect(order(3).sizes == [5])
    for seed in [3, 4] as [UInt64] {
      let order = order(seed)
      #expect((1...20).flatMap { Self.drawn(order, $0) } == Array(0..<100))
      #expect(Self.drawn(order, 3) == Array(10..<15))
      #expect(Self.drawn(order, 1 << 40) == Array(((1 << 40) - 1) * 5..<(1 << 40) * 5))
      for step in [1, 2, 1000] { #expect(order.progress(step: step) == (1, 5 * step)) }
    }
  }
}
