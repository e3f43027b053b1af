import CMinimKernels
import MinimKernels
import Testing

/// `examples` x `perExample` numbers of the random kernel.
func draw<E: KernelElement>(
  _ table: KernelTable, _ type: E.Type, examples: Int, perExample: Int, normal: Bool, first: UInt64 = 0,
  seed: UInt64 = 0x1234_5678_9abc_def0, step: UInt64 = 77, purpose: RandomPurpose = .model
) -> [E] {
  draw(
    table, type, examples: examples, perExample: perExample, normal ? MINIM_NORMAL : MINIM_UNIFORM, first: first,
    seed: seed, step: step, purpose: purpose)
}

/// Numbers of any distribution.
private func draw<E: KernelElement>(
  _ table: KernelTable, _ type: E.Type, examples: Int, perExample: Int, _ distribution: minim_distribution,
  first: UInt64 = 0, seed: UInt64 = 0x1234_5678_9abc_def0, step: UInt64 = 77, purpose: RandomPurpose = .model
) -> [E] {
  var numbers = [E](repeating: -9, count: examples * perExample + 1)
  var context = minim_random_context(seed: seed, step: step, first_example: first)
  numbers.withUnsafeMutableBytes { numbers in
    withUnsafePointer(to: &context) { context in
      var call = minim_random()
      call.dst = numbers.baseAddress
      (call.examples, call.per_example) = (Int64(examples), Int64(perExample))
      call.purpose = purpose.rawValue
      call.distribution = Int32(distribution.rawValue)
      call.context = context
      table.random(&call)
    }
  }
  #expect(numbers.last == -9, "the kernel wrote beyond its array")
  return Array(numbers.dropLast())
}

@Suite struct RandomTests {
  private static let key = RandomKey(seed: 0x1234_5678_9abc_def0).folding(.model).folding(77)

  @Test func uniformsAreTheDocumentedWords() throws {
    for perExample in [1, 2, 7, 64, 301] {
      var floats: [Float] = [], doubles: [Double] = []
      for example in 5..<14 {
        for j in 0..<perExample {
          let pair = Self.key.words(counter: (UInt32(example), UInt32(j / 2)))
          floats.append(Float((Double(j % 2 == 0 ? pair.0 : pair.1) + 0.5) * 0x1p-32))
          let (low, high) = Self.key.words(counter: (UInt32(example), UInt32(j)))
          doubles.append((Double((UInt64(high) << 32 | UInt64(low)) >> 11) + 0.5) * 0x1p-53)
        }
      }
      for table in try tables(Float.self) {
        #expect(draw(table, Float.self, examples: 9, perExample: perExample, normal: false, first: 5) == floats)
      }
      for table in try tables(Double.self) {
        #expect(draw(table, Double.self, examples: 9, perExample: perExample, normal: false, first: 5) == doubles)
      }
    }
  }

  @Test func normalsAreBoxMullerOfTheUniforms() throws {
    func check<E: KernelElement>(_ type: E.Type, tolerance: Double) throws {
      for table in try tables(type) {
        for perExample in [1, 2, 9, 130] {
          let padded = (perExample + 1) / 2 * 2
          let u = draw(table, type, examples: 6, perExample: padded, normal: false).map(Double.init)
          let z = draw(table, type, examples: 6, perExample: perExample, normal: true).map(Double.init)
          for e in 0..<6 {
            for j in 0..<perExample {
              let u0 = u[e * padded + j / 2 * 2], u1 = u[e * padded + j / 2 * 2 + 1]
              let radius = (-2 * Elementary.log(u0)).squareRoot(), angle = 2 * Double.pi * u1
              let expected = radius * (j % 2 == 0 ? Elementary.cos(angle) : Elementary.sin(angle))
              #expect(abs(z[e * perExample + j] - expected) <= tolerance * max(radius, 1))
            }
          }
        }
      }
    }
    try check(Float.self, tolerance: 1e-6)
    try check(Double.self, tolerance: 2e-15)
  }

  @Test func momentsAreThoseOfTheDistributions() throws {
    func check<E: KernelElement>(_ type: E.Type) throws {
      let n = 200_000.0
      for table in try tables(type) {
        let u = draw(table, type, examples: 2000, perExample: 100, normal: false).map(Double.init)
        #expect(u.allSatisfy { $0 > 0 && $0 <= 1 })
        #expect(abs(u.reduce(0, +) / n - 0.5) < 5 * (1 / 12.0 / n).squareRoot())
        let z = draw(table, type, examples: 2000, perExample: 100, normal: true).map(Double.init)
        #expect(abs(z.reduce(0, +) / n) < 5 / n.squareRoot())
        #expect(abs(z.reduce(0) { $0 + $1 * $1 } / n - 1) < 5 * (2 / n).squareRoot())
        #expect(abs(z.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n - 3) < 5 * (96 / n).squareRoot())
        let product = zip(z, z.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / n
        #expect(abs(product) < 5 / n.squareRoot())
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test("stratified numbers are the documented sequence, the same for a shard, and leave no gap in a batch")
  func stratified() throws {
    func check<E: KernelElement>(_ type: E.Type, bits: UInt64) throws {
      for table in try tables(type) {
        let whole = draw(table, type, examples: 256, perExample: 3, MINIM_STRATIFIED)
        for j in 0..<3 {
          let (low, high) = Self.key.words(counter: (.max, UInt32(j)))
          let start = UInt64(high) << 32 | UInt64(low)
          for e in [0, 1, 7, 255] {
            let place = start &+ UInt64(e) &* 0x9e37_79b9_7f4a_7c15
            let expected = E((Double(place >> (64 - bits)) + 0.5) / Double(1 << bits))
            #expect(whole[3 * e + j] == expected, "\(e), \(j)")
          }
          // Neighbors on the circle are at most three different distances apart, all near 1/256.
          let column = (0..<256).map { Double(whole[3 * $0 + j]) }.sorted()
          let gaps = zip(column, column.dropFirst()).map { $1 - $0 } + [column[0] + 1 - column[255]]
          #expect(gaps.allSatisfy { $0 > 0.4 / 256 && $0 < 1.4 / 256 }, "\(gaps.max() ?? 0)")
        }
        let shard = draw(table, type, examples: 50, perExample: 3, MINIM_STRATIFIED, first: 206)
        #expect(shard == Array(whole.suffix(150)))
        #expect(draw(table, type, examples: 256, perExample: 3, MINIM_STRATIFIED, step: 78) != whole)
      }
    }
    try check(Float.self, bits: 32)
    try check(Double.self, bits: 53)
  }

  @Test func aShardDrawsWhatTheWholeBatchDraws() throws {
    for table in try tables(Float.self) {
      for perExample in [1, 3, 50] {
        let whole = draw(table, Float.self, examples: 20, perExample: perExample, normal: true)
        let shard = draw(table, Float.self, examples: 8, perExample: perExample, normal: true, first: 12)
        #expect(bits(shard) == bits(Array(whole.suffix(8 * perExample))))
      }
      let other = draw(table, Float.self, examples: 20, perExample: 3, normal: true, step: 78)
      #expect(other != draw(table, Float.self, examples: 20, perExample: 3, normal: true))
    }
  }

  @Test func fusedLevelsGiveTheSameBits() throws {
    func check<E: KernelElement>(_ type: E.Type) throws {
      let results = try tables(type).filter(\.level.isFused).map {
        bits(draw($0, type, examples: 100, perExample: 101, normal: true))
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
    try check(Float.self)
    try check(Double.self)
  }
}
