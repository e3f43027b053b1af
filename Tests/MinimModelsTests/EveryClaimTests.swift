import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimModels
import MinimNN
import TestSupport
import Testing

/// What must hold for the claims of any model; a new one is checked by being in the registry.
@Suite struct EveryClaimTests {
  /// The claims of a small model, before training and after some.
  private static func claims(_ small: SmallModel) throws -> [Claim] {
    let (model, data) = (try small.make(), small.data)
    let start = try ParameterVector(model.parameters, precision: .float32)
    start.initialize(seed: 1)
    let end = try train(model, on: data, steps: 150).parameters
    return try [start, end].flatMap { vector in
      let it = trained(vector, data: data)
      return try model.claims(it) + model.evaluate(it, exact: true).claims
    }
  }

  private static let all = Result { try SmallModel.all.map { (small: $0, claims: try claims($0)) } }

  /// The claim with another control, judged by the same rule.
  private static func claim(_ claim: Claim, _ control: Claim.Control) -> Claim {
    Claim(
      claim.theorem, claim.quantity, unit: claim.unit, measured: claim.measured, claim.relation, claim.expected,
      tolerance: claim.tolerance, control: control)
  }

  @Test("one id names one theorem in all models, and a letter or two with a number make an id")
  func ids() throws {
    var theorems: [String: String] = [:]
    for (small, claims) in try Self.all.get() {
      #expect(!claims.isEmpty, "\(small)")
      for claim in claims {
        let known = theorems.updateValue(claim.theorem.statement, forKey: claim.id)
        #expect(known == nil || known == claim.theorem.statement, "\(small) \(claim.id)")
        #expect(claim.id.wholeMatch(of: /[A-Z]{1,2}[0-9]{1,2}[a-z]?/) != nil, "\(small) \(claim.id)")
        #expect(!claim.theorem.statement.isEmpty && claim.unit?.isEmpty != true, "\(small) \(claim.id)")
      }
      for half in [claims.prefix(claims.count / 2), claims.suffix(claims.count / 2)] {
        #expect(Set(half.map(\.id)).count == half.count, "\(small)")
      }
    }
    // The theorems themselves are different ones.
    #expect(Set(theorems.values).count == theorems.count && theorems.count > 40)
  }

  @Test("every formula can be typeset, and a theorem has the same one in all models") func formulas() throws {
    var formulas: [String: String] = [:]
    for (small, claims) in try Self.all.get() {
      for claim in claims {
        let formula = claim.theorem.formula ?? ""
        let known = formulas.updateValue(formula, forKey: claim.id)
        #expect(known == nil || known == formula, "\(small) \(claim.id)")
        if claim.theorem.formula == nil { continue }
        #expect(Formula(formula) != nil, "\(small) \(claim.id): \(formula)")
        // The control: what no page can show.
        #expect(Formula(formula + "}") == nil && Formula(#"\frac{"# + formula) == nil, "\(small) \(claim.id)")
      }
    }
    let shown = formulas.values.count { !$0.isEmpty }
    #expect(shown > 40 && 10 * shown > 7 * formulas.count, "\(shown) of \(formulas.count)")
  }

  @Test("what was measured is named, and has a control; what was not says why")
  func controls() throws {
    for (small, claims) in try Self.all.get() {
      for claim in claims {
        #expect(claim.control != nil || claim.verdict == .notApplicable, "\(small) \(claim.id)")
        #expect((claim.control == nil) == claim.quantity.isEmpty, "\(small) \(claim.id)")
        #expect(claim.verdict != .notApplicable || claim.reason?.isEmpty == false, "\(small) \(claim.id)")
        #expect(claim.control?.measured.isNaN != true, "\(small) \(claim.id)")
      }
    }
  }

  @Test("no small model proves a bug") func noBug() throws {
    for (small, claims) in try Self.all.get() {
      for claim in claims { #expect(!claim.provesBug, "\(small) \(claim.id): \(claim.json.compact)") }
    }
  }

  @Test("every control can pass: judged on the claim's own numbers it does not fail, and nothing is shown")
  func controlsCanPass() throws {
    var shown = Set<String>()
    for (small, claims) in try Self.all.get() {
      for claim in claims where claim.verdict == .holds {
        let same = Self.claim(claim, .init("the same", changed: "nothing"))
        #expect(same.control?.fails == false && same.verdict == .fails, "\(small) \(claim.id)")
        shown.insert(claim.id)
        // The control's own numbers fail by the same rule.
        let own = claim.control.map {
          Self.claim(claim, .init("", changed: "", measured: $0.measured, expected: $0.expected))
        }
        #expect(own?.verdict == .holds, "\(small) \(claim.id)")
      }
    }
    #expect(shown.count > 30, "\(shown.sorted())")
  }

  @Test("a control that is not a number shows nothing") func notANumber() throws {
    for (small, claims) in try Self.all.get() {
      for claim in claims where claim.verdict == .holds {
        for control in [
          Claim.Control("NaN", changed: "the value", measured: .nan),
          Claim.Control("NaN", changed: "the oracle", expected: .nan, cannotFailIf: "numbers end"),
        ] {
          let nothing = Self.claim(claim, control)
          #expect(nothing.control?.fails == false && nothing.verdict == .fails, "\(small) \(claim.id)")
        }
      }
    }
  }

  @Test("claims come back from their file as they were written") func roundTrip() throws {
    for (small, claims) in try Self.all.get() {
      for claims in [claims, claims.map { $0.expectedToFail() }] {
        let back = Claim.all(inFile: try JSONParser.parse(Array(Claim.file(claims).pretty.utf8)).json)
        #expect(back == claims && back.map(\.provesBug) == claims.map(\.provesBug), "\(small)")
        #expect(back.map(\.reason) == claims.map(\.reason), "\(small)")
      }
    }
  }
}
