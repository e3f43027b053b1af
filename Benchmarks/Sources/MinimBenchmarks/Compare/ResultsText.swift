import Foundation

/// Results for the terminal.
enum ResultsText {
  static func lines(_ rows: [Results.Row]) -> [String] {
    guard let first = rows.first else { return [] }
    let header = [
      pad(first.workload, 30), pad("threads", 8, right: true), pad("us/step", 11, right: true),
      pad("p10", 10, right: true), pad("p90", 10, right: true), pad("of peak", 9, right: true),
      pad("x Minim", 9, right: true),
    ].joined()
    return [header] + rows.map(line) + summary(rows) + shares(rows) + [""]
  }

  private static func line(_ row: Results.Row) -> String {
    [
      pad("  \(row.system) \(row.form)", 30), pad("\(row.threads)", 8, right: true),
      pad(number(row.usPerStep.median), 11, right: true), pad(number(row.usPerStep.p10), 10, right: true),
      pad(number(row.usPerStep.p90), 10, right: true),
      pad(row.peakFraction.map { String(format: "%.1f %%", 100 * $0) } ?? "", 9, right: true),
      pad(row.timesMinim.map { String(format: "%.2f", $0) } ?? "", 9, right: true),
      row.megabytes.map { String(format: "%8.0f MB", $0) } ?? "",
    ].joined()
  }

  /// How far ahead of the fastest peer, and how well Minim's threads share the work.
  private static func summary(_ rows: [Results.Row]) -> [String] {
    var lines: [String] = []
    let minim = rows.filter { $0.system == "minim" && $0.peakFraction != nil }
    if let alone = minim.first(where: { $0.threads == 1 }) {
      for row in minim where row.threads > 1 {
        let efficiency = alone.usPerStep.median / row.usPerStep.median / Double(row.threads)
        lines.append(String(format: "  efficiency on %d threads: %.1f %%", row.threads, 100 * efficiency))
      }
    }
    if let best = minim.max(by: { $0.threads < $1.threads }),
      let peer = rows.filter({ $0.system != "minim" }).min(by: { $0.usPerStep.median < $1.usPerStep.median })
    {
      let ratio = peer.usPerStep.median / best.usPerStep.median
      lines.append(
        String(format: "  ahead of the fastest peer (%@ %@): %.2f times", peer.system, peer.form, ratio))
    }
    return lines
  }

  private static func shares(_ rows: [Results.Row]) -> [String] {
    guard let instructions = rows.first(where: { $0.instructions != nil })?.instructions else { return [] }
    return ["  where a shard's time goes:"]
      + instructions.prefix(6).map { String(format: "    %5.1f %%  ", 100 * $0.share) + $0.kernel }
  }

  private static func number(_ value: Double) -> String {
    String(format: value < 10 ? "%.3f" : value < 1000 ? "%.1f" : "%.0f", value)
  }

  private static func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
  }
}
