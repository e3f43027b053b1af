import MinimDrawing
import MinimFiles
import MinimTraining

/// A verification for the terminal, and as JSON.
enum VerificationText {
  static func lines(_ verification: Verification, _ remarks: [String], width: Int) -> [String] {
    let (stretch, count) = (verification.stretch, verification.repetitions.count)
    var table = TextTable([.init("", wraps: true), .init("parameters"), .init("metrics"), .init("agrees")])
    for entry in [verification.own] + verification.repetitions {
      let isOwn = entry.name == verification.own.name
      table.append([
        isOwn ? "the run's own files" : entry.name, digits(entry.tensorHash), digits(entry.metricsHash),
        entry.differences.isEmpty ? "yes" : "NO",
      ])
    }
    let begin = stretch.start == 0 ? "from the start" : "from the checkpoint of step \(stretch.start)"
    let heading =
      "\(verification.run): \(Readable.count(stretch.count, "step")) \(begin) to step \(stretch.end), taken again "
      + "\(count) times"
    return [heading] + remarks + [""] + table.lines(width: width) + [""] + verdict(verification)
      + hint(stretch)
  }

  /// The first twelve digits: enough to see that two hashes differ.
  private static func digits(_ hash: String?) -> String { hash.map { String($0.prefix(12)) } ?? "-" }

  // MARK: - The verdict

  private static func verdict(_ verification: Verification) -> [String] {
    let differences = ([verification.own] + verification.repetitions).flatMap { entry in
      entry.differences.map { "\(verification.referenceName) and \(entry.name): \($0.description)" }
    }
    if verification.agrees { return [agreement(verification)] }
    let lines = ["First differences:"] + differences.map { "  \($0)" } + [""]
    guard verification.isReproducible else {
      return lines + [
        "Repetitions of the same steps differ. This is a bug in Minim, or this machine computes wrong results: please "
          + "report it with the lines above and those of minim doctor."
      ]
    }
    return lines + [
      "All repetitions agree with each other, but not with the run's own files. These were changed, or what made them had "
        + "other bits."
    ]
  }

  private static func agreement(_ verification: Verification) -> String {
    let rows = verification.ownRows == 0 ? nil : Readable.count(verification.ownRows, "row")
    let none = "The run has no row of metrics of these steps."
    guard verification.own.tensorHash != nil else {
      return "All repetitions agree in the parameters, the optimizer's state and the metrics. The run has kept no "
        + "checkpoint of step \(verification.stretch.end). "
        + (rows.map { "Of its own metrics, \($0) agree with them." } ?? none)
    }
    guard let rows else { return "All agree in the parameters and the optimizer's state. " + none }
    return "All agree in the parameters, the optimizer's state and \(rows) of metrics."
  }

  private static func hint(_ stretch: RunStretch) -> [String] {
    stretch.distance.map {
      [
        "The next checkpoint is \($0) steps after step \(stretch.start); to compare with it too: --from-step "
          + "\(stretch.start) --steps \($0)"
      ]
    } ?? []
  }

  // MARK: - JSON

  static func json(_ verification: Verification, _ remarks: [String]) -> JSON {
    func entry(_ entry: Verification.Entry) -> JSON {
      [
        "name": .string(entry.name), "parameters": entry.tensorHash.map { .string($0) } ?? .null,
        "metrics": entry.metricsHash.map { .string($0) } ?? .null, "agrees": .bool(entry.differences.isEmpty),
        "differences": .array(
          entry.differences.map {
            [
              "place": .string($0.place), "reference": .string($0.first), "found": .string($0.second),
              "remark": .string($0.remark),
            ]
          }),
      ]
    }
    return [
      "run": .string(verification.run), "from": .integer(verification.stretch.start),
      "to": .integer(verification.stretch.end), "agrees": .bool(verification.agrees),
      "rows": .integer(verification.ownRows), "commonRows": .integer(verification.commonRows),
      "reference": .string(verification.referenceName),
      "own": entry(verification.own), "repetitions": .array(verification.repetitions.map(entry)),
      "remarks": .array(remarks.map { .string($0) }),
    ]
  }
}
