import MinimAutodiff
import MinimModels
import MinimNN
import TestSupport
import Testing

/// The plan of a shard of a PixelCNN: loss and gradients.
@Suite struct PixelCNNPlanTests {
  private func outputs(_ net: PixelCNN, batch: Int) -> [Tensor] {
    let loss = net.objective(Batch(count: batch, exampleShape: [net.height, net.width, 1])).value
    return gradient(of: loss, withRespectTo: net.parameters.entries.map(\.tensor)) + [loss]
  }

  @Test("with and without fusion loss and gradients have the same bits", arguments: MaskStack.Wiring.allCases)
  func fusionKeepsBits(_ wiring: MaskStack.Wiring) throws {
    for activation in Activation.allCases {
      let (net, trained) = try randomNet("A5,B3,B3", wiring, activation: activation, height: 4, width: 3)
      for batch in [1, 4] {
        let images = values(batch * 12, seed: 2).map { $0 > 0 ? 1.0 : 0 }
        for kernels in try everyKernelTable() {
          let found = try [true, false].map { fuse in
            try PlannedRun(
              outputs(net, batch: batch), parameters: trained.parameters.values, fuse: fuse, kernels: kernels
            )
            .run([Batch.inputName: images])
          }
          #expect(bits(found[0]) == bits(found[1]))
          let spread = Set(found[0].joined())
          #expect(spread.count > 100 && spread.allSatisfy { $0.isFinite })
        }
      }
    }
  }

  @Test("the printed plan of a shard is the one on file")
  func golden() throws {
    let (net, _) = try randomNet("A5,B3", .residual, activation: .relu)
    try expectFixture("plans/pixelcnn-shard.txt", Plan(packing: outputs(net, batch: 2)).description)
  }

  @Test("a shard computes its data gradients' transposes once per step, and nothing for the first layer's images")
  func prologue() throws {
    let (net, _) = try randomNet("A5,B3", .residual, activation: .relu)
    let plan = Plan(packing: outputs(net, batch: 2))
    let isTranspose = { (entry: Plan.Entry) in entry.operations.contains("transpose [0, 2, 1]") }
    #expect(
      plan.prologue.filter(isTranspose).flatMap(\.parameterPaths).sorted() == [
        "masked.1.weight", "output.weight", "pointwise.0.weight",
      ])
    #expect(!plan.body.contains(where: isTranspose))
    #expect(plan.body.filter { $0.operations.contains("data gradient") }.count == 3)
    #expect(plan.body.filter { $0.operations.contains("weight gradient") }.count == 4)
  }
}
