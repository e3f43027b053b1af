import CMinimKernels
import MinimKernels
import Testing

/// One call of `gemm`, with its arrays.
struct GemmCase<E: KernelElement> {
  var m: Int, n: Int, k: Int
  var segments = [1]  // a group
  var transposed = false, padding = 0
  var bias = false, residual = false, relu = false, gate = false, tanh = false, silu = false
  var a: [E] = [], b: [E] = [], c: [E] = [], biases: [E] = [], residuals: [E] = [], gates: [E] = []

  init(_ m: Int, _ n: Int, _ k: Int, segments: [Int] = [1], transposed: Bool = false, padding: Int = 0) {
    (self.m, self.n, self.k, self.segments, self.transposed, self.padding) = (m, n, k, segments, transposed, padding)
    var numbers = TestNumbers(UInt64(m * 10007 + n * 101 + k))
    let total = max(segments.reduce(0, +), 1)
    a = numbers.array(total * aSize + 7)
    b = numbers.array(total * bSize + 7)
    c = numbers.array(segments.count * cSize + 7)
    biases = numbers.array(n)
    residuals = numbers.array(c.count)
    gates = numbers.array(c.count)
  }

  var aRow: Int { transposed ? 1 : k + padding }
  var aColumn: Int { transposed ? m + padding : 1 }
  var bRow: Int { n + padding }
  var cRow: Int { n + padding }
  var aSize: Int { (m + padding) * (k + padding) }
  var bSize: Int { k * bRow }
  var cSize: Int { m * cRow }

  func with(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }

  /// C after `kernel` worked on rows `rows` (all by default).
  func run(_ kernel: minim_kernel, rows: Range<Int>? = nil) -> [E] {
    let rows = rows ?? 0..<m
    var result = c
    let total = segments.reduce(0, +)
    let starts = segments.reduce(into: [Int64(0)]) { $0.append(($0.last ?? 0) + Int64($1)) }
    let aOffsets = (0..<total).map { Int64($0 * aSize + rows.lowerBound * aRow) }
    let bOffsets = (0..<total).map { Int64((total - 1 - $0) * bSize) }
    let cOffsets = segments.indices.map { Int64($0 * cSize + rows.lowerBound * cRow) }
    result.withUnsafeMutableBytes { result in
      a.withUnsafeBytes { a in
        b.withUnsafeBytes { b in
          biases.withUnsafeBytes { biases in
            residuals.withUnsafeBytes { residuals in
              gates.withUnsafeBytes { gates in
                starts.withUnsafeBufferPointer { starts in
                  aOffsets.withUnsafeBufferPointer { aOffsets in
                    bOffsets.withUnsafeBufferPointer { bOffsets in
                      cOffsets.withUnsafeBufferPointer { cOffsets in
                        var g = minim_gemm()
                        (g.a, g.b, g.c) = (a.baseAddress, b.baseAddress, result.baseAddress)
                        g.groups = Int64(segments.count)
                        (g.c_offset, g.segment_start) = (cOffsets.baseAddress, starts.baseAddress)
                        (g.a_offset, g.b_offset) = (aOffsets.baseAddress, bOffsets.baseAddress)
                        (g.m, g.n, g.k) = (Int64(rows.count), Int64(n), Int64(k))
                        (g.a_row, g.a_column) = (Int64(aRow), Int64(aColumn))
                        (g.b_row, g.c_row) = (Int64(bRow), Int64(cRow))
                        g.bias = bias ? biases.baseAddress : nil
                        g.residual = residual ? residuals.baseAddress : nil
                        g.relu = relu ? 1 : 0
                        g.gate = gate ? gates.baseAddress : nil
                        g.tanh = tanh ? gates.baseAddress : nil
                        g.silu = silu ? residuals.baseAddress : nil
                        g.sigmoid = silu ? gates.baseAddress : nil
                        kernel(&g)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// The definition: one chain of multiply-adds an element, then the epilogue.
  func reference(_ level: KernelLevel) -> [E] {
    var result = c
    let total = segments.reduce(0, +)
    var first = 0
    for (group, count) in segments.enumerated() {
      for i in 0..<m {
        for j in 0..<n {
          let at = group * cSize + i * cRow + j
          var sum: E = 0
          for s in first..<first + count {
            for p in 0..<k {
              let left = a[s * aSize + i * aRow + p * aColumn], right = b[(total - 1 - s) * bSize + p * bRow + j]
              sum = multiplyAdd(left, right, sum, level)
            }
          }
          if bias { sum += biases[j] }
          if residual { sum += residuals[at] }
          if relu, sum <= 0 { sum = 0 }
          if gate, !(gates[at] > 0) { sum = 0 }
          if tanh { sum *= 1 - gates[at] * gates[at] }
          if silu { sum *= gates[at] + residuals[at] * (1 - gates[at]) }
          result[at] = sum
        }
      }
      first += count
    }
    return result
  }
}

/// The same product with every part of the epilogue, and several at once.
func epilogues<E: KernelElement>(of base: GemmCase<E>) -> [GemmCase<E>] {
  [
    base, base.with { $0.bias = true },
    base.with { ($0.bias, $0.relu) = (true, true) }, base.with { ($0.residual, $0.gate) = (true, true) },
    base.with { ($0.bias, $0.tanh) = (true, true) },
    base.with { ($0.bias, $0.residual, $0.relu, $0.gate) = (true, true, true, true) },
    base.with { ($0.residual, $0.gate, $0.tanh) = (true, true, true) }, base.with { $0.silu = true },
    base.with { ($0.bias, $0.residual, $0.silu) = (true, true, true) },
  ]
}

/// Every class of shape: empty, single, narrow, shallow, masked tails, whole tiles, groups and segments, both layouts of A.
func gemmCases<E: KernelElement>(_ type: E.Type) -> [GemmCase<E>] {
  var cases: [GemmCase<E>] = []
  for m in [0, 1, 2, 5, 16, 17, 70] {
    for n in [0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 50] {
      for k in [0, 1, 7, 33] where m * n * k < 40000 {
        cases.append(GemmCase(m, n, k))
        cases.append(GemmCase(m, n, k, transposed: true, padding: 3))
      }
    }
  }
  for n in [1, 2, 3, 4, 6, 20, 32] {
    for transposed in [false, true] {
      cases += epilogues(of: GemmCase(19, n, 9, segments: [2, 0, 3, 1], transposed: transposed, padding: 2))
      cases += epilogues(of: GemmCase(70, n, 6, transposed: transposed))
    }
  }
  for k in 1...4 {
    for n in [2, 32, 50] { cases += epilogues(of: GemmCase(23, n, k, segments: [1, 0, 1, 2], padding: 1)) }
  }
  cases.append(GemmCase(33, 1, 200, segments: [3], transposed: true))
  cases.append(GemmCase(33, 2, 200, segments: [3]))
  return cases
}

@Suite struct GemmTests {
  @Test func everyElementIsOneChainOfMultiplyAdds() throws {
    func check<E: KernelElement>(_ type: E.Type) throws {
      for table in try tables(type) {
        for shape in gemmCases(type) {
          let same = bits(shape.run(table.gemm)) == bits(shape.reference(table.level))
          #expect(same, "\(table.level) \(type) \(shape.m) x \(shape.n) x \(shape.k) \(shape.segments)")
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func aSplitOfTheRowsGivesTheSameBits() throws {
    for table in try tables(Float.self) {
      for n in [1, 2, 4, 7, 32, 40] {
        for transposed in [false, true] {
          let shape = GemmCase<Float>(37, n, 29, segments: [2, 1], transposed: transposed)
          let whole = shape.run(table.gemm)
          for cut in [1, 5, 16, 36] {
            let split = shape.with { $0.c = shape.run(table.gemm, rows: 0..<cut) }.run(table.gemm, rows: cut..<37)
            #expect(bits(split) == bits(whole), "\(table.level) n \(n) cut \(cut)")
          }
        }
      }
    }
  }

  @Test func nanPassesTheReLUAndNotTheGate() throws {
    for table in try tables(Float.self) {
      for n in [1, 2, 5, 32] {
        let shape = GemmCase<Float>(3, n, 4).with { $0.a[1] = .nan }
        let relu = shape.with { $0.relu = true }.run(table.gemm)
        #expect((0..<n).allSatisfy { relu[$0].isNaN && !relu[n + $0].isNaN })
        let gate = shape.with { ($0.gate, $0.gates) = (true, Array(repeating: .nan, count: $0.gates.count)) }
        #expect(gate.run(table.gemm).prefix(3 * n).allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func theReferenceSeesAnotherOrder() {
    // Negative control: the chain backward has other bits, so the comparisons above can fail.
    let shape = GemmCase<Float>(8, 8, 40)
    let backward = shape.with { other in
      for i in 0..<8 { for p in 0..<40 { other.a[i * 40 + p] = shape.a[i * 40 + 39 - p] } }
      for p in 0..<40 { for j in 0..<8 { other.b[p * 8 + j] = shape.b[(39 - p) * 8 + j] } }
    }
    #expect(bits(shape.reference(.preferred)) != bits(backward.reference(.preferred)))
  }
}
