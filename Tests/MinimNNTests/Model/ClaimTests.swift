import MinimConfiguration
import MinimNN
import Testing

@Suite struct ClaimTests {
  private static func claim(
    _ relation: Claim.Relation, measured: Double, expected: Double = 1, tolerance: Double = 0.1,
    kind: Claim.Kind = .identity, controlFails: Bool? = true
  ) -> Claim {
    Claim(
      "P", "a statement", kind: kind, measured: measured, relation, expected, tolerance: tolerance,
      control: controlFails.map { .init(statement: "a control", changed: "a thing", measured: 5, fails: $0) })
  }

  @Test func verdictsOfEachRelation() {
    let cases: [(Claim.Relation, holds: [Double], fails: [Double])] = [
      (.equal, [1, 0.95, 1.05], [0.85, 1.15, .nan, .infinity]),
      (.atMost, [-100, 1, 1.05, -.infinity], [1.15, .nan, .infinity]),
      (.atLeast, [100, 1, 0.95, .infinity], [0.85, .nan, -.infinity]),
    ]
    for (relation, holds, fails) in cases {
      for value in holds { #expect(Self.claim(relation, measured: value).verdict == .holds, "\(relation) \(value)") }
      for value in fails { #expect(Self.claim(relation, measured: value).verdict == .fails, "\(relation) \(value)") }
    }
    #expect(Self.claim(.equal, measured: 1, expected: .nan).verdict == .fails)
    #expect(Self.claim(.equal, measured: 1, tolerance: .nan).verdict == .fails)
  }

  @Test func aControlThatHoldsProvesNothing() {
    let claim = Self.claim(.equal, measured: 1, controlFails: false)
    #expect(claim.verdict == .fails)
    #expect(claim.reason?.contains("control did not fail") == true)
    // Nothing is shown, but nothing is shown to be wrong either.
    #expect(!claim.provesBug)
    #expect(Self.claim(.equal, measured: 2, controlFails: false).provesBug)
    #expect(Self.claim(.equal, measured: 1, controlFails: nil).verdict == .holds)
    #expect(Self.claim(.equal, measured: 1).reason == nil)
  }

  @Test func onlyAnIdentityOrABoundProvesABug() {
    for kind in [Claim.Kind.identity, .bound, .statistical, .outcome] {
      let proves = kind == .identity || kind == .bound
      #expect(Self.claim(.equal, measured: 2, kind: kind).provesBug == proves)
      #expect(!Self.claim(.equal, measured: 1, kind: kind).provesBug)
    }
  }

  @Test func expectedFailures() {
    let failing = Self.claim(.equal, measured: 2).expectedToFail()
    #expect(failing.verdict == .expectedFailure)
    #expect(!failing.provesBug)
    let holding = Self.claim(.equal, measured: 1).expectedToFail()
    #expect(holding.verdict == .fails)
    #expect(holding.provesBug)
    #expect(holding.reason?.contains("expects this claim to fail") == true)
  }

  @Test func notApplicable() {
    let claim = Claim.notApplicable("P9", "it holds", kind: .bound, reason: "no entropy is known")
    #expect(claim.verdict == .notApplicable && !claim.provesBug)
    #expect(claim.reason == "no entropy is known")
    #expect(claim.expectedToFail().verdict == .notApplicable)
    #expect(claim.json["measured"] == .null && claim.json["expected"] == .null)
  }

  @Test func jsonHasTheShapeThatIsPromised() {
    let claim = Claim(
      "P2", "the probabilities of all images sum to 1", kind: .identity, measured: 0.75, .equal, 1, tolerance: 0.5,
      control: .init(statement: "with mask B first", changed: "mask", measured: 18.25, fails: true))
    #expect(
      claim.json.compact
        == #"{"id":"P2","statement":"the probabilities of all images sum to 1","kind":"identity","relation":"=","#
        + #""expected":1.0,"measured":0.75,"tolerance":0.5,"standardError":null,"z":null,"samples":null,"#
        + #""verdict":"holds","reason":null,"control":{"statement":"with mask B first","changed":"mask","#
        + #""measured":18.25,"fails":true}}"#)
  }

  @Test func jsonOfAStatisticalClaim() {
    let claim = Claim(
      "P5", "s", kind: .statistical, measured: .infinity, .atLeast, 2, tolerance: 0, standardError: 0.5, z: -1.5,
      samples: 100, details: [("b", 1), ("a", .nan)], control: nil)
    #expect(
      claim.json.compact
        == #"{"id":"P5","statement":"s","kind":"statistical","relation":">=","expected":2.0,"measured":"Infinity","#
        + #""tolerance":0.0,"standardError":0.5,"z":-1.5,"samples":100,"verdict":"holds","reason":null,"#
        + #""control":null,"details":{"b":1.0,"a":null}}"#)
  }
}
