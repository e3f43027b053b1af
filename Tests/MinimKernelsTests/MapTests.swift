import CMinimKernels
import Glibc
import MinimKernels
import Testing

/// Runs an elementwise program over arrays; the last operand is the destination and comes back.
func runMap<E: KernelElement>(
  _ table: KernelTable, count: Int, columns: Int, operands: [[E]], kinds: [minim_operand_kind],
  steps: [(minim_primitive, destination: Int, a: Int, b: Int, constant: Double)]
) -> [E] {
  var memory = operands
  let program = steps.map { step in
    minim_map_step(
      primitive: Int32(step.0.rawValue), destination: Int32(step.destination), a: Int32(step.a), b: Int32(step.b),
      constant: step.constant)
  }
  var call = minim_map()
  (call.count, call.columns) = (Int64(count), Int64(columns))
  (call.operands, call.steps) = (Int32(operands.count), Int32(steps.count))
  let places = memory.indices.map { i in
    memory[i].withUnsafeBytes { source in
      let place = UnsafeMutableRawPointer.allocate(byteCount: max(source.count, 1), alignment: 64)
      place.copyMemory(from: source.baseAddress ?? UnsafeRawPointer(place), byteCount: source.count)
      return place
    }
  }
  withUnsafeMutableBytes(of: &call.operand) { operand in
    for (i, place) in places.enumerated() {
      operand.storeBytes(of: place, toByteOffset: 8 * i, as: UnsafeMutableRawPointer.self)
    }
  }
  withUnsafeMutableBytes(of: &call.kind) { kind in
    for (i, value) in kinds.enumerated() {
      kind.storeBytes(of: Int32(value.rawValue), toByteOffset: 4 * i, as: Int32.self)
    }
  }
  program.withUnsafeBufferPointer { program in
    call.step = program.baseAddress
    table.map(&call)
  }
  let last = memory.count - 1
  memory[last].withUnsafeMutableBytes { $0.copyMemory(from: .init(start: places[last], count: $0.count)) }
  places.forEach { $0.deallocate() }
  return memory[last]
}

/// f of every element.
func apply<E: KernelElement>(_ primitive: minim_primitive, _ x: [E], _ table: KernelTable) -> [E] {
  runMap(
    table, count: x.count, columns: max(x.count, 1), operands: [x, x], kinds: [MINIM_FULL, MINIM_FULL],
    steps: [(primitive, 1, 0, 0, 0)])
}

@Suite struct MapTests {
  private static func definitions<E: KernelElement>(
    _ type: E.Type, _ level: KernelLevel
  ) -> [(minim_primitive, (E, E, E) -> E)] {
    [
      (MINIM_NEGATE, { a, _, _ in -a }), (MINIM_ADD, { a, b, _ in a + b }),
      (MINIM_SUBTRACT, { a, b, _ in a - b }), (MINIM_MULTIPLY, { a, b, _ in a * b }),
      (MINIM_DIVIDE, { a, b, _ in a / b }),
      (MINIM_MAXIMUM, { a, b, _ in a.isNaN || b.isNaN ? .nan : a >= b ? a : b }),
      (MINIM_MINIMUM, { a, b, _ in a.isNaN || b.isNaN ? .nan : a <= b ? a : b }),
      (MINIM_GREATER, { a, b, _ in a > b ? 1 : 0 }), (MINIM_GREATER_EQUAL, { a, b, _ in a >= b ? 1 : 0 }),
      (MINIM_ADD_CONSTANT, { a, _, c in a + c }), (MINIM_MULTIPLY_CONSTANT, { a, _, c in a * c }),
      (MINIM_RECIPROCAL, { a, _, _ in 1 / a }),
      (MINIM_SQUARE, { a, _, _ in a * a }), (MINIM_SQUARE_ROOT, { a, _, _ in a.squareRoot() }),
      (MINIM_ABSOLUTE, { a, _, _ in a.magnitude }),
      (MINIM_SIGN, { a, _, _ in a.isNaN ? a : a > 0 ? 1 : a < 0 ? -1 : 0 }),
      (MINIM_RELU, { a, _, _ in a <= 0 ? 0 : a }), (MINIM_STEP, { a, _, _ in a > 0 ? 1 : 0 }),
      (MINIM_GATE, { a, b, _ in b > 0 ? a : 0 }), (MINIM_TANH_GRADIENT, { a, b, _ in a * (1 - b * b) }),
      (MINIM_SILU_SLOPE, { a, b, _ in b + a * (1 - b) }),
    ]
  }

  @Test func primitivesAreTheirDefinitions() throws {
    func check<E: KernelElement>(_ type: E.Type) throws {
      var numbers = TestNumbers(11)
      let special: [E] = [
        0, -0.0, .infinity, -.infinity, .nan, 1, -1, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
      ]
      for table in try tables(type) {
        for count in [0, 1, 3, 100, 1500] {
          var (a, b): ([E], [E]) = (numbers.array(count), numbers.array(count))
          if count >= 100 {
            for (i, (x, y)) in special.flatMap({ x in special.map { (x, $0) } }).enumerated() {
              (a[i], b[i]) = (x, y)
            }
          }
          for (primitive, definition) in Self.definitions(type, table.level) {
            let found = runMap(
              table, count: count, columns: 7, operands: [a, b, a],
              kinds: [MINIM_FULL, MINIM_FULL, MINIM_FULL], steps: [(primitive, 2, 0, 1, 1.25)])
            let same = (0..<count).allSatisfy { i in
              let expected = definition(a[i], b[i], 1.25)
              return expected.isNaN ? found[i].isNaN : found[i].bitPattern == expected.bitPattern
            }
            #expect(same, "\(table.level) \(type) primitive \(primitive.rawValue) count \(count)")
          }
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func broadcastOperandsAndTemporaries() throws {
    // y = (x + row) * column - scalar, in place over x for good measure.
    var numbers = TestNumbers(5)
    for table in try tables(Float.self) {
      for (rows, columns) in [(1, 1), (3, 5), (70, 32), (4, 700), (513, 1), (10, 512)] {
        let x: [Float] = numbers.array(rows * columns)
        let row: [Float] = numbers.array(columns), column: [Float] = numbers.array(rows), scalar: [Float] = [0.75]
        let found = runMap(
          table, count: x.count, columns: columns, operands: [row, column, scalar, x],
          kinds: [MINIM_ROW, MINIM_COLUMN, MINIM_SCALAR, MINIM_FULL],
          steps: [(MINIM_ADD, 4, 3, 0, 0), (MINIM_MULTIPLY, 11, 4, 1, 0), (MINIM_SUBTRACT, 3, 11, 2, 0)])
        let expected = x.indices.map { (x[$0] + row[$0 % columns]) * column[$0 / columns] - 0.75 }
        #expect(found == expected, "\(table.level) \(rows) x \(columns)")
      }
    }
  }
}
