import MinimModels
import MinimNN
import Testing

/// P1 on every stack of the golden numbers: what a net's gradients and its reactions to changed pixels say, without any
/// knowledge of masks, is what the golden sets say.
@Suite struct ReceptiveFieldProbeTests {
  @Test("gradients and perturbations of a net give the golden receptive fields, for every pixel of every stack")
  func golden() throws {
    #expect(GoldenStack.all.count == 13)
    for golden in GoldenStack.all {
      // Labels are row * 10 + column, from 1.
      let expected = labels5x5.map { label in (golden.field(label) ?? [-1]).map { ($0 / 10 - 1) * 5 + $0 % 10 - 1 } }
      let probe = try ReceptiveFieldProbe(golden.stack, height: 5, width: 5)
      #expect(probe.byGradient == expected, "gradients of \(golden.name)")
      #expect(probe.byPerturbation == expected, "perturbations of \(golden.name)")
    }
  }

  @Test("the control: the fields of another stack are not the golden ones")
  func otherStack() throws {
    let probe = try ReceptiveFieldProbe(MaskStack([Mask(.a, 3), Mask(.b, 3)]), height: 5, width: 5)
    let other = MaskStack([Mask(.a, 3), Mask(.a, 3)]).receptiveFields(height: 5, width: 5)
    #expect(probe.mismatches(other) > 0)
  }

  @Test("a skip keeps what a layer sees, also of masks that see less than a neighbor")
  func residual() throws {
    for masks in [[Mask(.a, 3), Mask(.b, 3)], [Mask(.b, 3), Mask(.a, 3)], [Mask(.a, 5), Mask(.a, 3)]] {
      let stack = MaskStack(masks, .residual)
      let probe = try ReceptiveFieldProbe(stack, height: 4, width: 3)
      #expect(probe.mismatches(stack.receptiveFields(height: 4, width: 3)) == 0, "\(stack)")
    }
  }

  @Test(
    "gated nets, whose weights pass through products, depend on what their stacks say", arguments: [(5, 5), (8, 8)])
  func gated(_ height: Int, _ width: Int) throws {
    let stack = MaskStack([Mask(.a, 3)] + [Mask](repeating: Mask(.b, 3), count: height - 2), .gated)
    let probe = try ReceptiveFieldProbe(stack, height: height, width: width)
    #expect(probe.mismatches(stack.receptiveFields(height: height, width: width)) == 0)
    #expect(stack.blindPixels(height: height, width: width).allSatisfy { $0.isEmpty })
  }
}
