import MinimNN
import MinimTraining
import Testing

@Suite struct ClaimTextTests {
  private static func claim(_ kind: Claim.Kind, measured: Double) -> Claim {
    Claim(
      Claim.Theorem("P", "a statement", kind), "a quantity", measured: measured, .equal, 1, tolerance: 0.25, z: 2,
      control: .init("a control", changed: "a thing", measured: 5))
  }

  @Test("a summary counts every verdict, in the words of the table") func summary() {
    let holding = Self.claim(.identity, measured: 1)
    let refused = Claim.notApplicable(holding.theorem, "a reason")
    let all = [
      holding, holding, Self.claim(.identity, measured: 2), Self.claim(.outcome, measured: 2),
      Self.claim(.bound, measured: 2).expectedToFail(), refused, refused,
    ]
    #expect(
      Claim.summary(all) == "7 claims: 2 hold, 1 FAILS, 1 not reached, 1 fails as expected, 2 not applicable")
    #expect(Claim.summary([holding]) == "1 claim: 1 holds" && Claim.summary([]) == "0 claims")
    #expect(
      all.map(\.verdictText) == [
        "holds", "holds", "FAILS", "not reached", "fails as expected", "not applicable", "not applicable",
      ])
  }

  @Test func comparisons() {
    let claim = Self.claim(.statistical, measured: 0.75)
    #expect(claim.comparison == "0.75 = 1 within 0.25, z = 2.00")
    #expect(claim.controlText == "control fails" && claim.controlComparison == "5 = 1")
    let refused = Claim.notApplicable(claim.theorem, "a reason")
    #expect(refused.comparison == "-" && refused.controlText.isEmpty && refused.controlComparison.isEmpty)
  }
}
