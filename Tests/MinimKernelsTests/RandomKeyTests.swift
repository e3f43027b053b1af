import MinimKernels
import Testing

@Suite struct RandomKeyTests {
  @Test func threefryKnownAnswers() {
    // The vectors of Random123 for threefry2x32 with 20 rounds.
    func words(_ key: (UInt64), _ counter: (UInt32, UInt32)) -> [UInt32] {
      let (a, b) = RandomKey(seed: key).words(counter: counter)
      return [a, b]
    }
    #expect(words(0, (0, 0)) == [0x6b20_0159, 0x99ba_4efe])
    #expect(words(.max, (.max, .max)) == [0x1cb9_96fc, 0xbb00_2be7])
    #expect(words(0x0370_7344_1319_8a2e, (0x243f_6a88, 0x85a3_08d3)) == [0xc492_3a9c, 0x483d_f7a0])
  }

  @Test func streamsAreApart() {
    let key = RandomKey(seed: 1)
    let keys = RandomPurpose.allCases.map { key.folding($0) } + (0..<100).map { key.folding(.model).folding($0) }
    #expect(Set(keys).count == keys.count)
    #expect(key.folding(.data) == key.folding(.data))
  }

  @Test func uniformsAndNormalsHaveTheirMoments() {
    let key = RandomKey(seed: 9), n = 20000
    let u = (0..<n).map { key.uniform(at: UInt64($0)) }
    #expect(u.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(abs(u.reduce(0, +) / Double(n) - 0.5) < 5 * (1 / 12.0 / Double(n)).squareRoot())
    let z = (0..<n).map { key.normal(at: UInt64($0)) }
    #expect(abs(z.reduce(0, +) / Double(n)) < 5 / Double(n).squareRoot())
    #expect(abs(z.reduce(0) { $0 + $1 * $1 } / Double(n) - 1) < 5 * (2 / Double(n)).squareRoot())
  }

  @Test func indicesHaveTheirWeights() {
    let key = RandomKey(seed: 5), n = 60000
    let weights = [1.0, 0, 3, 2]
    var counts = [Int](repeating: 0, count: 4)
    for i in 0..<n { counts[key.index(weightedBy: weights, at: UInt64(i))] += 1 }
    #expect(counts[1] == 0)
    let chiSquare = [0, 2, 3].reduce(0.0) { sum, place in
      let expected = weights[place] * 1e4
      return sum + (Double(counts[place]) - expected) * (Double(counts[place]) - expected) / expected
    }
    #expect(chiSquare < 18.5)  // two degrees of freedom: 1 in 10,000
    #expect(key.index(weightedBy: [0, 0, 2], at: 0) == 2)
  }

  @Test func indicesAreEven() {
    let key = RandomKey(seed: 4), n = 60000
    var counts = [Int](repeating: 0, count: 6)
    for i in 0..<n { counts[key.index(below: 6, at: UInt64(i))] += 1 }
    let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - 1e4) * (Double($1) - 1e4) / 1e4 }
    #expect(chiSquare < 25.7)  // five degrees of freedom: 1 in 10,000
    #expect(key.index(below: 1, at: 3) == 0)
  }

  @Test func permutationsAreEven() {
    #expect(RandomKey(seed: 0).permutation(count: 0).isEmpty)
    #expect(RandomKey(seed: 0).permutation(count: 1) == [0])
    #expect(RandomKey(seed: 5).permutation(count: 1000).sorted() == Array(0..<1000))
    var counts: [[Int]: Int] = [:]
    for seed in 0..<6000 { counts[RandomKey(seed: UInt64(seed)).permutation(count: 3), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 150 })
  }

  @Test("an array of indices holds those of its counters", arguments: [0, 1, 15, 16, 17, 256])
  func arraysOfIndices(_ count: Int) {
    for bound in [1, 62, 4096, 1 << 40] {
      var indices = [Int](repeating: -1, count: count)
      let key = RandomKey(seed: 9).folding(UInt64(bound))
      key.fill(&indices, below: bound)
      #expect(indices == (0..<count).map { key.index(below: bound, at: UInt64($0)) })
      // From a later counter on, on both sides of the low word's end.
      for first in [16, 1 << 32 - 16, 1 << 40 + 128] {
        indices.withUnsafeMutableBufferPointer { key.fill($0, below: bound, from: first) }
        #expect(indices == (0..<count).map { key.index(below: bound, at: UInt64(first + $0)) })
      }
    }
  }
}
