import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining

/// The claims of a run for the terminal, each as a block of three short lines: the verdict with the theorem, what was measured next to
/// its oracle, and the control. A line that is too long for the terminal goes on below its beginning.
enum ClaimBlocks {
  static func lines(_ claims: [Claim], _ terminal: Terminal) -> [String] {
    let widths = (
      verdict: claims.map(\.verdictText.count).max() ?? 0, id: claims.map(\.id.visible.count).max() ?? 0
    )
    let indent = widths.verdict + widths.id + 4
    let blocks = claims.flatMap { claim -> [String] in
      let verdict = style(claim).on(padded(claim.verdictText, widths.verdict), terminal.colors)
      let id = TextStyle.strong.on(padded(claim.id.visible, widths.id), terminal.colors)
      let lines = texts(claim).flatMap { wrapped($0, width: terminal.width - indent) }
      return lines.enumerated().map { index, line in
        (index == 0 ? "\(verdict)  \(id)  " : String(repeating: " ", count: indent)) + line
      }
    }
    return blocks + ["", Claim.summary(claims).visible]
  }

  /// The lines of a claim before they are wrapped.
  private static func texts(_ claim: Claim) -> [String] {
    var texts = [claim.theorem.statement]
    if claim.verdict != .notApplicable || claim.control != nil {
      texts.append("measured \(claim.comparison)\(claim.unit.map { " \($0)" } ?? ""): \(claim.quantity)")
    }
    if let control = claim.control {
      texts.append("\(claim.controlText): \(claim.controlComparison), \(control.changed) changed: \(control.statement)")
    }
    if let reason = claim.reason { texts.append("(\(reason))") }
    return texts.map(\.visible)
  }

  /// Lines that fit, those after the first a little further right.
  private static func wrapped(_ text: String, width: Int) -> [String] {
    TextTable.wrap(text, width: max(24, width - 2)).enumerated().map { $0 == 0 ? $1 : "  " + $1 }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func style(_ claim: Claim) -> TextStyle {
    switch VerdictWords(claim.verdict, claim.kind) {
    case .holds, .expectedFailure: .good
    case .fails: .bad
    case .notReached: .warning
    case .notApplicable: .soft
    }
  }
}
