import MinimDrawing
import MinimNN

extension Claim {
  /// The claims as cards, those that fail first.
  package static func cards(_ claims: [Claim]) -> Markup {
    guard !claims.isEmpty else { return .none }
    let cards = (claims.filter(\.isMissed) + claims.filter { !$0.isMissed }).map(\.card).joined(separator: "\n")
    return
      "<p class=\"soft\">\(summary(claims)). Each control must fail.</p>\n<div class=\"cards\">\n\(cards)\n</div>\n"
  }

  private var isMissed: Bool { words == .fails || words == .notReached }
  private var words: VerdictWords { VerdictWords(verdict, kind) }

  /// The verdict, the theorem, what was measured next to what is expected, and the control.
  private var card: Markup {
    let style =
      switch words {
      case .holds, .expectedFailure: "holds"
      case .fails, .notReached: "fails"
      case .notApplicable: "soft"
      }
    let title: Markup = "<h3>\(id) <span class=\"\(style)\">\(verdictText)</span></h3>"
    let theorem: Markup = "<p>\(theorem.statement)</p>"
    guard verdict != .notApplicable || control != nil else {
      return
        "<article id=\"claim-\(id)\">\n\(title)\n\(theorem)\n\(reason.map { Self.line("why not", $0) } ?? .none)</article>"
    }
    let measured = Self.line(quantity + (unit.map { " (\($0))" } ?? ""), comparison)
    let control = self.control.map { control in
      Self.line("\(controlText), \(control.changed) changed", "\(control.statement): \(controlComparison)")
    }
    let reason = self.reason.map { Self.line("note", $0) }
    let lines = [measured, control, reason].compactMap { $0 }.joined(separator: "\n")
    return "<article id=\"claim-\(id)\">\n\(title)\n\(theorem)\n\(lines)\n</article>"
  }

  private static func line(_ name: String, _ text: String) -> Markup {
    "<p class=\"soft\">\(name)</p><p>\(text)</p>"
  }
}
