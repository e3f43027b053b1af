import MinimDrawing
import MinimNN

extension Claim {
  /// The claims as cards, those that fail first.
  package static func cards(_ claims: [Claim]) -> Markup {
    guard !claims.isEmpty else { return .none }
    let cards = (claims.filter(\.isMissed) + claims.filter { !$0.isMissed }).map(\.card).joined(separator: "\n")
    return """
      <p class="soft">\(summary(claims)). Each control must fail. In the drawings, gray is what the claim allows, with the oracle's value \
      as a line.</p>
      <div class="cards">
      \(cards)
      </div>

      """
  }

  private var isMissed: Bool { words == .fails || words == .notReached }
  private var words: VerdictWords { VerdictWords(verdict, kind) }

  /// The verdict, the theorem in words and as a formula, what was measured next to what is expected, and the control.
  private var card: Markup {
    let style =
      switch words {
      case .holds, .expectedFailure: "holds"
      case .fails, .notReached: "fails"
      case .notApplicable: "soft"
      }
    var parts: [Markup] = [
      "<h3>\(id) <span class=\"\(style)\">\(verdictText)</span></h3>", "<p>\(theorem.statement)</p>",
    ]
    if let formula = theorem.formula { parts.append(Formula(formula)?.markup ?? "<p><code>\(formula)</code></p>") }
    if verdict != .notApplicable || control != nil {
      parts.append(numberLine?.drawing.svg(title: drawingWords) ?? .none)
      parts.append(Self.line(quantity + (unit.map { " (\($0))" } ?? ""), comparison))
    }
    if let control {
      parts.append(
        Self.line("\(controlText), \(control.changed) changed", "\(control.statement): \(controlComparison)"))
    }
    if let reason { parts.append(Self.line(verdict == .notApplicable ? "why not" : "note", reason)) }
    parts.append(detailsMarkup)
    let lines = parts.filter { !$0.isEmpty }.joined(separator: "\n")
    return "<article id=\"claim-\(id)\">\n\(lines)\n</article>"
  }

  private static func line(_ name: String, _ text: String) -> Markup {
    "<p class=\"soft\">\(name)</p><p>\(text)</p>"
  }

  private var detailsMarkup: Markup {
    let rows = details.map { "<p>\($0.name) \(Readable.number($0.value))</p>" as Markup }
    return HTML.details("details", rows.joined(separator: "\n"))
  }

  // MARK: - Drawing

  /// What was measured and the control, next to their oracles; nil if there are no such numbers.
  private var numberLine: NumberLine? {
    guard let control else { return nil }
    return NumberLine([
      .init("measured", measured, target: expected, allowed: allowed(around: expected), color: 0),
      .init(
        "control", control.measured, target: control.expected, allowed: allowed(around: control.expected), color: 1),
    ])
  }

  /// The values that satisfy the relation to an oracle's value.
  private func allowed(around expected: Double) -> ClosedRange<Double> {
    guard expected.isFinite else { return 0...0 }
    let tolerance = tolerance.isFinite ? tolerance : 0
    return switch relation {
    case .equal: expected - abs(tolerance)...expected + abs(tolerance)
    case .atMost: -.infinity...expected + tolerance
    case .atLeast: expected - tolerance ... .infinity
    }
  }

  /// The drawing for those who cannot see it.
  private var drawingWords: String {
    func place(_ isAllowed: Bool) -> String {
      isAllowed ? "where the claim allows it" : "where the claim does not allow it"
    }
    return "The measured value lies \(place(holds)), that of the control \(place(control?.fails == false))"
  }
}
