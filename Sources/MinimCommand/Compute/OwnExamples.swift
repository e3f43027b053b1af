import MinimData
import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining

/// A user's own examples under a trained run: the loss and log p(x) of each.
struct OwnExamples {
  /// The name of the loss, and its values; empty if examples have none.
  let loss: (name: String, values: [Double])
  /// log p(x); nil if the model has none.
  let logProbs: LogProbs?
  private let name: String, count: Int

  /// Evaluates the examples of a file.
  ///
  /// - Parameter labels: the file of the examples' classes, for a conditional model.
  /// - Throws: `DataFileError` or `CommandError` if a file does not fit the run, and the errors of reading it.
  init(_ path: String, labels: String?, _ experiment: Experiment, _ trained: Trained) throws {
    let (model, data) = (experiment.model, experiment.data)
    let file = try ExampleFile(path)
    let (values, areRead) = try file.examples(like: data)
    count = values.count / data.exampleShape.reduce(1, *)
    name = (areRead ? "\(path), read like \(data.name)" : path).visible
    var classes: [Int] = []
    if model.isConditional {
      if let labels {
        classes = try ClassName.labels(labels, count: count, among: data.classNames)
      } else if let names = file.classNames {
        classes = try names.map { try ClassName.index(of: $0, among: data.classNames, path) }
      } else {
        throw CommandError(
          "this model is conditional: add --labels FILE with the class of each example. There are "
            + data.classNames.joined(separator: ", "), exit: .usage)
      }
    } else if labels != nil {
      throw CommandError("--labels: this model is not conditional. Leave it out", exit: .usage)
    }
    let examples = Dataset(
      name: path, exampleShape: data.exampleShape, values: values, labels: classes,
      classes: classes.isEmpty ? 0 : data.classes)
    loss = (experiment.metric, try model.losses(of: examples, trained))
    logProbs = try model.logProbs(of: examples, trained)
    guard logProbs != nil || !loss.values.isEmpty else {
      throw CommandError(
        "the model \(experiment.configuration.modelName) has neither a loss nor log p(x) of a single example",
        exit: .usage)
    }
  }

  /// The values that are written, one per example: log p(x), or the loss where the model has none.
  var values: (name: String, numbers: [Double]) {
    logProbs.map { ("logProb", $0.values) } ?? ("loss", loss.values)
  }

  // MARK: - Output

  /// The means and their standard errors, for people.
  var lines: [String] {
    var rows = [(name: "examples", value: "\(count)", meaning: "of \(name)")]
    if !loss.values.isEmpty { rows.append((loss.name, Self.text(loss.values), "mean loss per example")) }
    if let logProbs {
      let unknown = logProbs.values.count { !$0.isFinite }
      let left = unknown == 0 ? "" : "; left out: \(unknown) examples, where that is not reliable"
      rows.append(
        ("logProb", Self.text(logProbs.values), "mean log p(x) by \(logProbs.source), nats per example\(left)"))
    }
    func width(_ text: (Int) -> String) -> Int { rows.indices.map { text($0).count }.max() ?? 0 }
    let widths = (width { rows[$0].name }, width { rows[$0].value })
    return rows.map { row in
      Self.padded(row.name, widths.0) + "  " + Self.padded(row.value, widths.1) + "  " + row.meaning
    }
  }

  /// The same for programs; null where no number is known.
  var json: JSONObject {
    var json: JSONObject = ["file": .string(name), "examples": .integer(count)]
    if !loss.values.isEmpty { json["loss"] = Self.json(loss.values, ("name", loss.name)) }
    if let logProbs { json["logProb"] = Self.json(logProbs.values, ("source", logProbs.source)) }
    return json
  }

  private static func json(_ values: [Double], _ word: (key: String, value: String)) -> JSON {
    let (mean, error) = statistics(values)
    return .object(
      JSONObject([
        .init(key: word.key, value: .string(word.value)),
        .init(key: "mean", value: mean.isFinite ? .number(mean) : .null),
        .init(key: "standardError", value: error.map { .number($0) } ?? .null),
      ]))
  }

  private static func text(_ values: [Double]) -> String {
    let (mean, error) = statistics(values)
    return Readable.number(mean) + (error.map { " +- " + Readable.significant($0, digits: 2) } ?? "")
  }

  /// The mean of the finite values, and its standard error if there are several.
  private static func statistics(_ values: [Double]) -> (mean: Double, error: Double?) {
    let finite = values.filter(\.isFinite)
    let (mean, error) = Statistics.mean(finite)
    return (mean, finite.count > 1 ? error : nil)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
