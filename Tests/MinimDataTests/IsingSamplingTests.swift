import MinimData
import MinimKernels
import TestSupport
import Testing

@Suite struct IsingSamplingTests {
  private static let key = RandomKey(seed: 17).folding(.data)

  /// Pearson's statistic of draws of one model against the probabilities of another, on 3x3.
  private static func chiSquare(_ model: Ising, against other: Ising, draws: Int) -> Double {
    let all = EveryImage(other)
    var counts = [Int](repeating: 0, count: all.images.count)
    let values = model.draw(0..<draws, key: key)
    for start in stride(from: 0, to: values.count, by: 9) {
      counts[(0..<9).reduce(0) { $0 | Int(values[start + $1]) << $1 }] += 1
    }
    return zip(counts, all.probabilities).reduce(0) { sum, cell in
      let expected = Double(draws) * cell.1
      return sum + (Double(cell.0) - expected) * (Double(cell.0) - expected) / expected
    }
  }

  @Test("draws have the exact probabilities", arguments: [0.2, -0.2, 0]) func chiSquare(_ beta: Double) {
    // 511 degrees of freedom: mean 511, standard deviation 32; beyond 650 once in 20,000.
    let model = Ising(height: 3, width: 3, beta: beta)
    #expect(Self.chiSquare(model, against: model, draws: 50_000) < 650)
    let other = Ising(height: 3, width: 3, beta: beta + 0.03)
    #expect(Self.chiSquare(other, against: model, draws: 50_000) > 650)
  }

  /// The definition, with the conditional probabilities from all images.
  @Test("a pixel is 1 where its uniform number is below its probability", arguments: IsingTests.models)
  func pixelsByTheDefinition(_ model: Ising) {
    let all = EveryImage(model)
    let pixels = model.height * model.width
    for index in [0, 1, 255, 1 << 40] {
      let image = model.draw(index..<index + 1, key: Self.key)
      let key = Self.key.folding(UInt64(index))
      for pixel in 0..<pixels {
        let prefix = zip(all.images, all.probabilities).filter { $0.0[..<pixel] == image[..<pixel] }
        let on = prefix.filter { $0.0[pixel] == 1 }.reduce(0) { $0 + $1.1 } / prefix.reduce(0) { $0 + $1.1 }
        #expect(image[pixel] == (key.uniform(at: UInt64(pixel)) < on ? 1 : 0), "\(index), \(pixel)")
      }
    }
  }

  @Test("an image depends on key and index alone", arguments: [(5, 5), (1, 1), (13, 10), (64, 3)])
  func rangesMayBeSplit(_ height: Int, _ width: Int) {
    let model = Ising(height: height, width: width, beta: 0.44)
    let pixels = height * width
    let whole = model.draw(0..<64, key: Self.key)
    #expect(whole.count == 64 * pixels && whole.allSatisfy { $0 == 0 || $0 == 1 })
    for cut in [1, 7, 63] {
      #expect(model.draw(0..<cut, key: Self.key) + model.draw(cut..<64, key: Self.key) == whole)
    }
    var memory = [Float](repeating: 9, count: 10 * pixels + 1)
    memory.withUnsafeMutableBufferPointer { model.draw(20..<30, key: Self.key, into: $0) }
    #expect(memory[..<(10 * pixels)] == whole[20 * pixels..<30 * pixels] && memory.last == 9)
    #expect(model.draw(5..<5, key: Self.key).isEmpty)
    #expect(model.draw(0..<64, key: RandomKey(seed: 18).folding(.data)) != whole)
  }

  /// Every pixel and bond of a large model, which takes more than one block of numbers an image.
  @Test func correlationsOfALargeModel() {
    let model = Ising(height: 20, width: 10, beta: 0.35)
    let draws = 4000
    let values = model.draw(0..<draws, key: Self.key)
    // The mean of 4000 signs has a standard deviation of at most 1/63.
    for (bond, exact) in zip(model.bonds, model.bondCorrelations) {
      let equal = (0..<draws).count { values[$0 * 200 + bond.0] == values[$0 * 200 + bond.1] }
      #expect(abs(Double(2 * equal - draws) / Double(draws) - exact) < 5.0 / 63, "\(bond)")
    }
    for pixel in 0..<200 {
      let on = (0..<draws).count { values[$0 * 200 + pixel] == 1 }
      #expect(abs(Double(2 * on - draws) / Double(draws)) < 5.0 / 63, "\(pixel)")
    }
  }

  @Test func drawingIntoMemoryAllocatesNothing() {
    for model in [Ising(height: 5, width: 5, beta: 0.44), Ising(height: 64, width: 10, beta: 0.44)] {
      var memory = [Float](repeating: 0, count: 8 * model.height * model.width)
      let count = memory.withUnsafeMutableBufferPointer { memory in
        allocations { for start in 0..<100 { model.draw(start..<start + 8, key: Self.key, into: memory) } }
      }
      #expect(count ?? 0 == 0)
    }
  }
}
