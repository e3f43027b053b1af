import MinimConfiguration
import MinimFiles
import MinimNN
import Testing

@Suite struct ClaimTests {
  private static func claim(
    _ relation: Claim.Relation, measured: Double, expected: Double = 1, tolerance: Double = 0.1,
    kind: Claim.Kind = .identity, control: Claim.Control? = nil
  ) -> Claim {
    let failing = Claim.Control("a control", changed: "a thing", measured: relation == .atLeast ? -5 : 5)
    return Claim(
      Claim.Theorem("P", "a statement", kind), "a quantity", measured: measured, relation, expected,
      tolerance: tolerance, control: control ?? failing)
  }

  private static func control(
    measured: Double? = nil, expected: Double? = nil, cannotFailIf: String? = nil
  ) -> Claim.Control {
    .init("a control", changed: "a thing", measured: measured, expected: expected, cannotFailIf: cannotFailIf)
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

  @Test("a control fails by the claim's own relation and tolerance, and NaN has shown nothing")
  func controlsOfEachRelation() {
    let cases: [(Claim.Relation, passes: [Double], fails: [Double])] = [
      (.equal, [1, 0.95, 1.05, .nan], [0.85, 1.15, .infinity]),
      (.atMost, [-100, 1, 1.05, .nan], [1.15, .infinity]),
      (.atLeast, [100, 1, 0.95, .nan], [0.85, -.infinity]),
    ]
    for (relation, passes, fails) in cases {
      for (values, isShown) in [(passes, false), (fails, true)] {
        for value in values {
          let claim = Self.claim(relation, measured: 1, control: Self.control(measured: value))
          #expect(
            claim.control?.fails == isShown && claim.verdict == (isShown ? .holds : .fails), "\(relation) \(value)")
        }
      }
    }
    #expect(Self.claim(.equal, measured: 1, control: Self.control(expected: .nan)).control?.fails == false)
  }

  @Test("what a control does not change is as in the claim")
  func unchanged() throws {
    let oracle = try #require(Self.claim(.atMost, measured: 1, control: Self.control(expected: 0.5)).control)
    #expect(oracle.measured == 1 && oracle.expected == 0.5 && oracle.fails)
    let value = try #require(Self.claim(.atMost, measured: 1, control: Self.control(measured: 2)).control)
    #expect(value.measured == 2 && value.expected == 1 && value.fails)
    let both = try #require(Self.claim(.equal, measured: 1, control: Self.control(measured: 2, expected: 2)).control)
    #expect(both.measured == 2 && both.expected == 2 && !both.fails)
    #expect(Self.claim(.equal, measured: 1, control: Self.control()).verdict == .fails)
  }

  @Test("a control that did not fail leaves nothing shown, and an identity without evidence fails")
  func aControlThatHoldsProvesNothing() {
    let claim = Self.claim(.equal, measured: 1, control: Self.control())
    #expect(claim.verdict == .fails && claim.provesBug)
    #expect(claim.reason?.contains("control did not fail") == true)
    let outcome = Self.claim(.equal, measured: 1, kind: .outcome, control: Self.control())
    #expect(outcome.verdict == .fails && !outcome.provesBug)
    #expect(Self.claim(.equal, measured: 1, control: Self.control(measured: .nan)).reason?.contains("number") == true)
    #expect(Self.claim(.equal, measured: 1).reason == nil)
  }

  @Test("in a run in which the control cannot fail the claim is not applicable, but it can still fail")
  func cannotFail() {
    let passing = Self.control(measured: 1, cannotFailIf: "both are one")
    let claim = Self.claim(.equal, measured: 1, control: passing)
    #expect(claim.verdict == .notApplicable && claim.reason == "both are one, so the control cannot fail")
    #expect(claim.control?.fails == false && !claim.provesBug)
    #expect(Self.claim(.equal, measured: 2, control: passing).provesBug)
    // The reason excuses neither a control that fails nor one that is not a number.
    let failing = Self.control(measured: 2, cannotFailIf: "both are one")
    #expect(Self.claim(.equal, measured: 1, control: failing).verdict == .holds)
    let nothing = Self.control(measured: .nan, cannotFailIf: "both are one")
    #expect(Self.claim(.equal, measured: 1, control: nothing).verdict == .fails)
  }

  @Test func onlyAnIdentityOrABoundProvesABug() {
    for kind in [Claim.Kind.identity, .bound, .statistical, .outcome] {
      let proves = kind == .identity || kind == .bound
      #expect(Self.claim(.equal, measured: 2, kind: kind).provesBug == proves)
      #expect(!Self.claim(.equal, measured: 1, kind: kind).provesBug)
    }
  }

  @Test("a statistical claim proves a bug if chance is beyond doubt not the reason, and only if it failed itself")
  func beyondDoubt() {
    func claim(_ measured: Double, pValue: Double?, control: Double = 5, kind: Claim.Kind = .statistical) -> Claim {
      Claim(
        Claim.Theorem("P", "a statement", kind), "a quantity", measured: measured, .equal, 1, tolerance: 0.1,
        pValue: pValue, control: Self.control(measured: control))
    }
    #expect(claim(2, pValue: 0.9e-9).provesBug && claim(2, pValue: 0).provesBug)
    for pValue in [1.1e-9, nil, .nan] { #expect(!claim(2, pValue: pValue).provesBug) }
    // What holds, or whose control did not fail, or what was expected, is not refuted.
    #expect(!claim(1, pValue: 0).provesBug && !claim(1, pValue: 0, control: 1).provesBug)
    #expect(!claim(2, pValue: 0).expectedToFail().provesBug && !claim(1, pValue: 0).expectedToFail().provesBug)
    #expect(!claim(2, pValue: 0, kind: .outcome).provesBug)
    let back = Claim(claim(2, pValue: 1e-12).json)
    #expect(back?.pValue == 1e-12 && back?.provesBug == true && back == claim(2, pValue: 1e-12))
    #expect(claim(2, pValue: nil).json["pValue"] == nil)
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
    let claim = Claim.notApplicable(Claim.Theorem("P9", "it holds", .bound), "no entropy is known")
    #expect(claim.verdict == .notApplicable && !claim.provesBug)
    #expect(claim.reason == "no entropy is known")
    #expect(claim.expectedToFail().verdict == .notApplicable)
    #expect(claim.json["measured"] == .null && claim.json["expected"] == .null)
  }

  @Test func jsonHasTheShapeThatIsPromised() {
    let claim = Claim(
      Claim.Theorem("P2", "the probabilities of all images sum to 1", .identity), "sum", measured: 0.75, .equal, 1,
      tolerance: 0.5, control: .init("mask B first", changed: "mask", measured: 18.25))
    #expect(
      claim.json.compact
        == #"{"id":"P2","theorem":"the probabilities of all images sum to 1","quantity":"sum","unit":null,"#
        + #""kind":"identity","relation":"=","expected":1.0,"measured":0.75,"tolerance":0.5,"standardError":null,"#
        + #""z":null,"samples":null,"verdict":"holds","expectedToFail":false,"reason":null,"#
        + #""control":{"statement":"mask B first","changed":"mask","measured":18.25,"expected":1.0,"fails":true}}"#)
  }

  @Test func jsonOfAStatisticalClaim() {
    let claim = Claim(
      Claim.Theorem("P5", "s", .statistical), "q", unit: "nats", measured: .infinity, .atLeast, 2, tolerance: 0,
      standardError: 0.5, z: -1.5, samples: 100, details: [("b", 1), ("a", .nan)],
      control: .init("c", changed: "d", measured: 1))
    #expect(
      claim.json.compact
        == #"{"id":"P5","theorem":"s","quantity":"q","unit":"nats","kind":"statistical","relation":">=","#
        + #""expected":2.0,"measured":"Infinity","tolerance":0.0,"standardError":0.5,"z":-1.5,"samples":100,"#
        + #""verdict":"holds","expectedToFail":false,"reason":null,"control":{"statement":"c","changed":"d","#
        + #""measured":1.0,"expected":2.0,"fails":true},"details":{"b":1.0,"a":null}}"#)
  }

  @Test("a formula is a key of its own, and only if there is one") func formula() {
    let formula = #"\sum_x p(x) = 1"#
    let claim = Claim.notApplicable(Claim.Theorem("P2", "s", formula: formula, .identity), "no reason")
    #expect(claim.json["formula"] == .string(formula) && Claim(claim.json)?.theorem == claim.theorem)
    let without = Claim.notApplicable(Claim.Theorem("P2", "s", .identity), "no reason")
    #expect(without.json["formula"] == nil && Claim(without.json)?.theorem.formula == nil && without != claim)
  }

  @Test("a claim read back is the one written, with its verdict, its reason and whether it proves a bug")
  func roundTrip() throws {
    let idle = Self.control(measured: 1, cannotFailIf: "both are one")
    let some = [
      Self.claim(.equal, measured: 1), Self.claim(.equal, measured: 2), Self.claim(.atMost, measured: .infinity),
      Self.claim(.atLeast, measured: .nan), Self.claim(.equal, measured: 1, tolerance: .nan),
      Self.claim(.equal, measured: 1, control: Self.control()), Self.claim(.equal, measured: 1, control: idle),
      Self.claim(.equal, measured: 2, control: idle), Self.claim(.equal, measured: 0.1 + 0.2, expected: 1 / 3),
      Claim.notApplicable(Claim.Theorem("P9", "it holds", .bound), "no entropy is known"),
    ]
    let claims = some + some.map { $0.expectedToFail() }
    let text = Claim.file(claims).pretty
    let back = Claim.all(inFile: try JSONParser.parse(Array(text.utf8)).json)
    #expect(back == claims)
    #expect(back.map(\.verdict) == claims.map(\.verdict) && back.map(\.reason) == claims.map(\.reason))
    #expect(back.map(\.provesBug) == claims.map(\.provesBug))
    #expect(Set(claims.map(\.verdict)) == Set(Claim.Verdict.allCases))
    #expect(claims[0] != claims[1] && claims[0] != claims[some.count])
  }

  @Test("a file of another version has no claims for this one") func versions() {
    var json = Claim.file([Self.claim(.equal, measured: 1)])
    #expect(json["version"] == 1 && Claim.all(inFile: json).count == 1)
    json["version"] = 2
    #expect(Claim.all(inFile: json).isEmpty && Claim.all(inFile: ["claims": []]).isEmpty)
  }
}
