import MinimAutodiff
import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining

/// A step that was looked at, for the terminal.
enum InspectionText {
  static func lines(_ step: InspectedStep, of directory: RunDirectory, width: Int) -> [String] {
    switch step.outcome {
    case .taken(let result):
      let numbers = "\(step.metric) \(result.loss.text), gradient norm \(result.gradientNorm.text)"
      return ["\(directory.name), step \(step.step): \(numbers)", agreement(step), ""] + facts(factRows(step), width)
        + [""] + parameters(step, width)
    case .diverged(let bad, let cause):
      let what = cause == .gradient ? "diverged in" : "left a number that is not finite in"
      let numbers = "loss \(bad.loss.text), gradient norm \(bad.gradientNorm.text)"
      return ["\(directory.name) \(what) step \(step.step): \(numbers)", agreement(step), ""]
        + facts(badRows(step, bad) + factRows(step), width) + [""] + history(step, width) + [""] + step.advice
    }
  }

  // MARK: - What is said in words

  private static func agreement(_ step: InspectedStep) -> String {
    let agreement = step.agreement
    if let difference = agreement.difference {
      return "NOT the bits of the run: metrics.jsonl has \(difference.metric) \(difference.recorded.text) at step "
        + "\(difference.step), and this is \(difference.found.text)."
    }
    let begin = step.start == 0 ? "the start" : "the checkpoint of step \(step.start)"
    if agreement.rows == 0 { return "Taken again from \(begin). metrics.jsonl has no row of these steps." }
    let own = agreement.hasLast ? ", this step's among them" : ""
    return "Taken again from \(begin), with the bits of the run: "
      + "\(Readable.count(agreement.rows, "row")) of metrics.jsonl agree\(agreement.rows == 1 ? "s" : "")\(own)."
  }

  private static func factRows(_ step: InspectedStep) -> [(String, String)] {
    var rows = [("learning rate", step.rate.text), ("clipping", step.clipNorm.map { "to norm \($0.text)" } ?? "none")]
    if !step.examples.isEmpty { rows.append(("examples", numbers(step.examples))) }
    return rows
  }

  private static func badRows(_ step: InspectedStep, _ bad: NonFiniteStep) -> [(String, String)] {
    var rows: [(String, String)] = []
    if let value = bad.value {
      rows.append(("first bad value", "\(value.operation), element \(value.position): \(value.value.text)"))
      if let origin = value.origin, let line = origin.line {
        rows.append(("source", (origin.isDerivative ? "the derivative of what is at " : "") + line))
      }
      if !value.parameterPaths.isEmpty { rows.append(("parameters", value.parameterPaths.joined(separator: ", "))) }
      for input in value.inputs {
        rows.append(("went in", "\(input.name): norm \(short(input.norm)), largest \(short(input.largest))"))
      }
    } else {
      rows.append(("first bad value", "none: every value is finite, but the squares of the gradient overflow"))
    }
    if let gradient = bad.gradient {
      rows.append(
        (
          "first bad gradient",
          "\(gradient.parameterPaths.joined()), element \(gradient.position): \(gradient.value.text)"
        ))
    }
    if !step.badExamples.isEmpty { rows.append(("computed for examples", numbers(step.badExamples))) }
    return rows
  }

  private static func facts(_ rows: [(String, String)], _ width: Int) -> [String] {
    let room = rows.map(\.0.count).max() ?? 0
    return rows.flatMap { name, text in
      // A path in two pieces could not be copied.
      let longest = text.split(separator: " ").map(\.count).max() ?? 0
      return TextTable.wrap(text.visible, width: max(longest, width - room - 2)).enumerated().map { index, line in
        let head = index == 0 ? name : ""
        return head + String(repeating: " ", count: room + 2 - head.count) + line
      }
    }
  }

  private static func numbers(_ numbers: [Int]) -> String {
    let shown = 32
    let list = numbers.prefix(shown).map(String.init).joined(separator: ", ")
    return numbers.count > shown ? "\(list), ... (\(numbers.count) in all)" : list
  }

  // MARK: - Tables

  private static func history(_ step: InspectedStep, _ width: Int) -> [String] {
    guard !step.history.isEmpty else { return ["It is the first step that was taken again."] }
    var table = TextTable([
      .init("step", isTrailing: true), .init(step.metric, isTrailing: true), .init("gradient norm", isTrailing: true),
      .init("learning rate", isTrailing: true),
    ])
    for row in step.history {
      table.append(["\(row.step)", short(row.loss), short(row.gradientNorm), short(row.rate)])
    }
    return table.lines(width: width)
  }

  private static func parameters(_ step: InspectedStep, _ width: Int) -> [String] {
    let gradient = step.isOfLastField ? "gradient norm, last turn" : "gradient norm"
    var table = TextTable([
      .init("parameter", wraps: true), .init("shape"), .init("norm", isTrailing: true),
      .init(gradient, isTrailing: true), .init("largest update", isTrailing: true), .init("at"),
    ])
    for row in step.parameters {
      table.append([
        row.path, "\(row.shape)", short(row.norm), short(row.gradientNorm), short(row.update), "\(row.position)",
      ])
    }
    return table.lines(width: width)
  }

  private static func short(_ value: Double) -> String { Readable.significant(value) }
}
