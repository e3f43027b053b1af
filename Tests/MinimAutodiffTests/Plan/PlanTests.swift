import Foundation
import MinimAutodiff
import MinimKernels
import TestSupport
import Testing

@Suite struct PlanTests {
  // MARK: - Fusion keeps every bit

  @Test("with and without fusion the bits are the same", arguments: operationCatalog)
  func fusionKeepsBits(_ operation: OperationCase) throws {
    let (outputs, inputs) = Self.expressions(operation)
    for kernels in try everyKernelTable() {
      let fused = try PlannedRun(outputs, parameters: [0.3, 0.7], kernels: kernels).run(inputs)
      let plain = try PlannedRun(outputs, parameters: [0.3, 0.7], fuse: false, kernels: kernels).run(inputs)
      #expect(bits(fused) == bits(plain), "\(kernels.precision)")
    }
  }

  @Test("with and without fusion a net's loss and gradients have the same bits")
  func fusionKeepsBitsOfNets() throws {
    for batch in [1, 2, 5] {
      let net = ResidualNet(batch: batch)
      for kernels in try everyKernelTable() {
        let found = try [true, false].map {
          try PlannedRun(net.outputs, parameters: net.parameterValues, fuse: $0, kernels: kernels)
            .run(["images": net.imageValues])
        }
        #expect(bits(found[0]) == bits(found[1]))
        let isFinite = found[0].joined().allSatisfy { $0.isFinite }
        #expect(isFinite)
      }
    }
  }

  @Test(
    "a plan computes what its operations compute one by one, each in a plan of its own", arguments: operationCatalog)
  func nodeByNode(_ operation: OperationCase) throws {
    let (outputs, inputs) = Self.expressions(operation)
    let expected = try Self.oneByOne(outputs, inputs, parameters: [0.3, 0.7])
    for fuse in [true, false] {
      let found = try PlannedRun(outputs, parameters: [0.3, 0.7], fuse: fuse, kernels: .current(.float64)).run(inputs)
      for (value, reference) in zip(found, expected) { #expect(distance(value, reference) < 1e-12) }
    }
  }

  @Test("a net computes what its operations compute one by one")
  func netNodeByNode() throws {
    let net = ResidualNet()
    let expected = try Self.oneByOne(net.outputs, ["images": net.imageValues], parameters: net.parameterValues)
    let found = try PlannedRun(net.outputs, parameters: net.parameterValues, kernels: .current(.float64))
      .run(["images": net.imageValues])
    for (value, reference) in zip(found, expected) { #expect(distance(value, reference) < 1e-13) }
  }

  /// A case's value, its first derivatives and the derivatives of their sum.
  static func expressions(_ operation: OperationCase) -> ([Tensor], [String: [Double]]) {
    let xs = operation.shapes.enumerated().map { Tensor.input("x\($0)", shape: $1) }
    let y = operation.build(xs)
    let first = gradient(of: square(y).sum(), withRespectTo: xs)
    let second = gradient(of: first.map { square($0).sum() }.reduce(.constant(0), +), withRespectTo: xs)
    let named = operation.values.enumerated().map { ("x\($0)", $1) }
    return ([y] + first + second, Dictionary(uniqueKeysWithValues: named))
  }

  /// Values by a plan for each node alone: no two operations share a memory, a kernel or a layout.
  private static func oneByOne(
    _ outputs: [Tensor], _ inputs: [String: [Double]], parameters: [Double]
  ) throws -> [[Double]] {
    var known: [ObjectIdentifier: [Double]] = [:]
    for node in topologicalOrder(outputs) {
      let leaves = node.inputs.enumerated().map { Tensor.input("i\($0)", shape: $1.shape) }
      let given = node.inputs.enumerated().map { ("i\($0)", known[ObjectIdentifier($1)] ?? []) }
      let alone = node.inputs.isEmpty ? node : Tensor(node.operation, leaves, shape: node.shape)
      let all = Dictionary(uniqueKeysWithValues: given).merging(inputs) { own, _ in own }
      known[ObjectIdentifier(node)] = try evaluate([alone], parameters: parameters, inputs: all, fuse: false)[0]
    }
    return outputs.map { known[ObjectIdentifier($0)] ?? [] }
  }

  // MARK: - Equal values are planned once

  @Test("equal expressions are planned once")
  func commonSubexpressions() {
    let x = Tensor.input("x", shape: [5])
    func once() -> Tensor { exp(x * 3).sum() }
    let plan = Plan(packing: [once() + once() * once(), once()], fuse: false)
    #expect(plan.body.filter { $0.operations.hasPrefix("exp") }.count == 1)
    #expect(plan.body.filter { $0.operations.hasPrefix("sum") }.count == 1)
    let others = Plan(packing: [exp(x * 3).sum() + exp(x * 4).sum()], fuse: false)
    #expect(others.body.filter { $0.operations.hasPrefix("exp") }.count == 2)
  }

  @Test("constants of equal values are one, others are not, however alike their numbers look")
  func constants() throws {
    // Ones and zeros differ in their top bits alone.
    let patterns = (0..<4096).map { code in (0..<12).map { Double(code >> $0 & 1) } }
    let tensors = patterns.map { Tensor.constant($0, shape: [12]) }
    let found = try evaluate(tensors.map { $0 * 2 })
    #expect(found == patterns.map { $0.map { $0 * 2 } })
    let twice = Plan(packing: [tensors[7] * 2 + Tensor.constant(patterns[7], shape: [12])])
    #expect(twice.constants.count == 16)
    let zeros = try evaluate([Tensor.constant([0.0], shape: [1]) * 1, Tensor.constant([-0.0], shape: [1]) * 1])
    #expect(zeros.map { $0[0].sign } == [.plus, .minus])
  }

  // MARK: - Once a step

  @Test("what depends on parameters only runs once per step, and nothing else does")
  func prologue() {
    let net = ResidualNet()
    let plan = Plan(packing: net.outputs)
    let transposes = plan.prologue.filter { $0.operations.contains("transpose [0, 2, 1]") }
    #expect(transposes.count == 2)  // of the two weights whose layers hand a cotangent on
    #expect(!plan.body.contains { $0.operations.contains("transpose [0, 2, 1]") })
    for (fuse, program) in [(true, plan), (false, Plan(packing: net.outputs, fuse: false))] {
      #expect(MemoryCheck(program, outputs: net.outputs).faults == [], "fuse: \(fuse)")
    }
  }

  @Test("work on parameters stays out of the shards' kernels where it could be fused with them")
  func hoisting() throws {
    let w = Tensor.parameter("w", shape: [3, 3], offset: 0)
    let x = Tensor.input("x", shape: [3, 3])
    let plan = Plan(packing: [tanh(exp(w)) * x, matmul(w, w) + x])
    #expect(plan.prologue.map(\.operations) == ["exp, tanh [3, 3]", "matmul A B [3, 3]"])
    #expect(plan.body.count == 2)
  }

  @Test("what depends on constants only runs when the plan is bound, and never again")
  func constantsAreFoldedOnce() throws {
    let c = Tensor.constant([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let w = Tensor.parameter("w", shape: [3, 5], offset: 0)
    let x = Tensor.input("x", shape: [2, 3])
    let outputs = [exp(c * 0.5) * x, matmul(c, w) * x.sum()]
    let plan = Plan(packing: outputs)
    #expect(plan.once.map(\.operations) == ["multiplyConstant 0.5, exp [2, 3]"])
    #expect(plan.prologue.map(\.operations) == ["matmul A B [2, 5]"])
    #expect(MemoryCheck(plan, outputs: outputs).faults == [])
    let weights = values(15, seed: 5)
    let run = try PlannedRun(outputs, parameters: weights, kernels: .current(.float64))
    let ones = [Double](repeating: 1, count: 6)
    let first = run.run(["x": ones])
    #expect(distance(first[0], (1...6).map { Foundation.exp(Double($0) * 0.5) }) < 1e-15)
    #expect(bits(run.run(["x": ones])) == bits(first))
  }

  @Test("where nothing changes from shard to shard, nothing is put before the shards")
  func noInputs() throws {
    let w = Tensor.parameter("w", shape: [3, 3], offset: 0)
    let outputs = [exp(w), matmul(w, w).sum()]
    let plan = Plan(packing: outputs)
    #expect(plan.prologue.isEmpty && plan.body.count == 3)
    #expect(MemoryCheck(plan, outputs: outputs).faults == [])
  }

  @Test("a product of a constant with few columns reads the constant's columns, to the same bits")
  func narrowProducts() throws {
    for columns in 1...5 {
      let m = values(7 * 6, seed: 3)
      let given = ["m": m, "x": values(6 * columns, seed: 4)]
      let x = Tensor.input("x", shape: [6, columns])
      let constant = matmul(.constant(m, shape: [7, 6]), x)
      let plan = Plan(packing: [constant])
      #expect(plan.body.map(\.operations) == ["matmul \(columns <= 4 ? "A^T" : "A") B [7, \(columns)]"])
      for kernels in try everyKernelTable() {
        let found = try PlannedRun([constant], kernels: kernels).run(["x": given["x"] ?? []])
        let plain = try PlannedRun([matmul(.input("m", shape: [7, 6]), x)], kernels: kernels).run(given)
        #expect(bits(found) == bits(plain))
      }
    }
  }

  @Test("a factor of ones is left out, whatever its shape")
  func factorsOfOnes() throws {
    let x = Tensor.input("x", shape: [2, 3])
    for one in [Tensor.constant(1), .constant(1, shape: [3]), Tensor.constant(1, shape: [2, 1]).reshape([2, 1])] {
      #expect(x * one === x && one * x === x)
    }
    let wider = Tensor.input("r", shape: [3]) * Tensor.constant(1, shape: [2, 3])
    #expect(wider.shape == [2, 3])
    #expect(try evaluate([wider], inputs: ["r": [1, 2, 3]]) == [[1, 2, 3, 1, 2, 3]])
    #expect(x * .constant([1, 1, 1], shape: [3]) !== x)
  }

  // MARK: - Epilogues

  @Test("bias, residual, relu, gate, the gradient of tanh and addend are compiled into the product")
  func epilogues() {
    let a = Tensor.input("a", shape: [4, 5])
    let w = Tensor.parameter("w", shape: [5, 6], offset: 0)
    let b = Tensor.parameter("b", shape: [6], offset: 32)
    let (r, g, e) = (
      Tensor.input("r", shape: [4, 6]), Tensor.input("g", shape: [4, 6]), Tensor.input("e", shape: [4, 6])
    )
    func text(_ y: Tensor) -> String {
      Plan(packing: [y]).body.map { $0.instruction.kernelName }.joined(separator: "; ")
    }
    let y = matmul(a, w)
    #expect(text(y + b) == "gemm 4x6x5 + bias")
    #expect(text(relu(y + b)) == "gemm 4x6x5 + bias relu")
    #expect(text(r + (y + b)) == "gemm 4x6x5 + bias + residual")
    #expect(text(gate(y, g)) == "gemm 4x6x5 gate")
    #expect(text(gate(y, g) + e) == "gemm 4x6x5 gate + addend")
    #expect(text(tanhGradient(y, g)) == "gemm 4x6x5 tanh gradient")
    #expect(text(tanhGradient(gate(y, g), r) + e) == "gemm 4x6x5 gate tanh gradient + addend")
    #expect(text(gate(relu(y + b + r), g) + e) == "gemm 4x6x5 + bias + residual relu gate + addend")
    // What the fixed order of an epilogue cannot express stays a kernel of its own.
    #expect(text(relu(y) + b).hasPrefix("gemm 4x6x5 relu;"))
    #expect(text(gate(g, y)).hasPrefix("gemm 4x6x5;"))
    #expect(text(tanhGradient(g, y)).hasPrefix("gemm 4x6x5;"))
    #expect(text(gate(tanhGradient(y, g), r)).hasPrefix("gemm 4x6x5 tanh gradient;"))
    #expect(text(y * y).hasPrefix("gemm 4x6x5;"))
    let net = Plan(packing: ResidualNet().outputs).description
    for epilogue in ["+ bias + residual relu", "gate + addend"] { #expect(net.contains(epilogue), "\(epilogue)") }
  }

  @Test("the slope of a SiLU is compiled into the product that it scales") func siluSlope() {
    let x = Tensor.input("x", shape: [4, 5])
    let (v, w) = (Tensor.parameter("v", shape: [5, 6], offset: 0), Tensor.parameter("w", shape: [6, 7], offset: 32))
    let loss = square(matmul(silu(matmul(x, v)), w)).sum()
    func text(_ outputs: [Tensor]) -> String {
      Plan(packing: outputs).body.map { $0.instruction.kernelName }.joined(separator: "; ")
    }
    let backward = text(gradient(of: loss, withRespectTo: [v, w]))
    #expect(backward.contains("gemm 4x6x7 silu slope"), "\(backward)")
    // A slope that is a result too is stored, and only multiplied with.
    let product = matmul(x, v), slope = silu(product).combined(.siluSlope, with: sigmoid(product))
    let other = matmul(x, Tensor.parameter("u", shape: [5, 6], offset: 128)) * slope
    #expect(text([other]).contains("silu slope"))
    #expect(!text([other, slope]).contains("silu slope"), "\(text([other, slope]))")
  }

  // MARK: - Outputs

  @Test(
    "outputs that are parameters, inputs, constants, duplicates, reshapes and each other's readers",
    arguments: [true, false])
  func outputs(_ fuse: Bool) throws {
    let p = Tensor.parameter("p", shape: [3], offset: 1)
    let x = Tensor.input("x", shape: [1, 2, 2, 1])
    let y = x * 2
    let z = positionMajor(x) + 1
    let outputs = [
      p, x, x.reshape([4]), Tensor.constant(5, shape: [2]), y, y, y.reshape([2, 2]), exp(p), exp(p), z, z,
      stopGradient(y),
      y + 1,
    ]
    let e = [1.0, 2, 3].map(Foundation.exp)
    let given: [Double] = [1, 2, 3, 4]
    let (doubled, next) = ([2.0, 4, 6, 8], [2.0, 3, 4, 5])
    let found = try evaluate(outputs, parameters: [9, 1, 2, 3], inputs: ["x": given], fuse: fuse)
    #expect(Array(found[..<7]) == [[1, 2, 3], given, given, [5, 5], doubled, doubled, doubled])
    #expect(distance(found[7], e) < 1e-15 && found[8] == found[7])
    #expect(Array(found[9...]) == [next, next, doubled, [3, 5, 7, 9]])
  }

  @Test("an output goes where the caller says")
  func places() throws {
    let x = Tensor.input("x", shape: [2])
    let plan = Plan([.init(x + 1, offset: 40), .init(x * 2, offset: 3), .init(x, offset: 20)])
    #expect(plan.outputCount == 42)
    let parameters = Elements(1, .float64)
    let replay = try Replay(
      try ParameterValues(plan, kernels: .current(.float64), parameters: UnsafeRawPointer(parameters.pointer)))
    let result = Elements(42, .float64)
    if let input = replay.input("x") { Precision.float64.store([5, 7], to: input) }
    replay.run(result: result.pointer)
    #expect(result.values(at: 40, count: 2) == [6, 8])
    #expect(result.values(at: 3, count: 2) == [10, 14])
    #expect(result.values(at: 20, count: 2) == [5, 7])
    let rest = result.values.indices.filter { ![3, 4, 20, 21, 40, 41].contains($0) }
    #expect(rest.allSatisfy { result.values[$0].isNaN })
  }

  // MARK: - The printed plan

  @Test("the printed plan of a net is the one on file, fused and not", arguments: [true, false])
  func golden(_ fuse: Bool) throws {
    try expectFixture(
      "plans/small-net-\(fuse ? "fused" : "plain").txt", Plan(packing: ResidualNet().outputs, fuse: fuse).description)
  }
}
