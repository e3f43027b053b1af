import MinimAutodiff
import TestSupport
import Testing

@Suite struct MemoryPlanTests {
  @Test("no value is overwritten while it is needed", arguments: operationCatalog)
  func noOverlap(_ operation: OperationCase) {
    let (outputs, _) = PlanTests.expressions(operation)
    for fuse in [true, false] {
      #expect(MemoryCheck(Plan(packing: outputs, fuse: fuse), outputs: outputs).faults == [])
    }
  }

  @Test("no value of a net is overwritten while it is needed, for several batches")
  func noOverlapInNets() {
    for batch in [1, 2, 7] {
      let outputs = ResidualNet(batch: batch).outputs
      for fuse in [true, false] {
        #expect(MemoryCheck(Plan(packing: outputs, fuse: fuse), outputs: outputs).faults == [])
      }
    }
  }

  @Test("the arena is smaller than all values together, and results take the place of what they use up")
  func reuse() {
    for fuse in [true, false] {
      let plan = Plan(packing: ResidualNet(batch: 16).outputs, fuse: fuse)
      let inputs = plan.inputs.values.reduce(0) { $0 + $1.shape.elementCount }
      let all = plan.body.filter { $0.result.space == .arena }.reduce(inputs) { $0 + $1.count }
      #expect(plan.arenaCount * 10 < all * 9, "\(plan.arenaCount) of \(all)")
    }
    let x = Tensor.input("x", shape: [100])
    let chain = Plan(packing: [tanh(exp(sin(x)) * 2).sum()], fuse: false)
    let inPlace = chain.body.filter { entry in
      guard case .map(let map) = entry.instruction else { return false }
      return map.operands.dropLast().contains { $0.slot == entry.result }
    }
    #expect(inPlace.count == 3)  // all but the first, whose operand is the input
    #expect(chain.arenaCount == 112 + 112)
  }
}
