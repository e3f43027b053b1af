import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimNN

/// A run as one self-contained page, `report.html`, made of the files of the run's folder alone.
package struct RunReport {
  private let directory: RunDirectory
  private let record: RunRecord
  private let metrics: RunMetrics?
  private let claims: [Claim]
  private let evaluation: Evaluation?
  private let sources: JSON?, manifest: JSON?
  private let origin: RunOrigin?
  private let pictures: ReportPictures
  private let store: FileStore
  /// The files that are damaged and therefore left out, one sentence each.
  package let remarks: [String]

  /// Reads the files that exist.
  ///
  /// - Parameter status: the status that the run is about to have; nil for that of its folder.
  /// - Throws: `FileError` if the system does not let a file be read: a page must not lack it without a word.
  package init(_ directory: RunDirectory, status: RunStatus? = nil, store: FileStore = FileStore()) throws {
    self.directory = directory
    self.store = store
    let record = RunRecord(directory, status: status, store: store)
    self.record = record
    var files = RunFileReader(store: store)
    metrics = files.metrics(of: directory)
    claims = files.claims(of: directory)
    evaluation = files.json(directory.evaluation).map { Evaluation($0) }
    (sources, manifest) = (files.json(directory.sources), files.json(directory.manifest))
    origin = try RunOrigin(of: directory, store: store)
    pictures = try ReportPictures(directory, store: store)
    if let failure = record.failure ?? files.failure { throw failure }
    remarks = record.remarks + files.remarks.filter { !record.remarks.contains($0) }
  }

  /// Writes the page.
  package func write() throws { try store.writeAtomically(text, to: directory.report) }

  /// The page, in the order in which people look: the verdict, what the model draws, how it got there, what was proved, and what it
  /// takes to do it again.
  package var text: String {
    HTML.page(
      record.name, refreshes: record.state == .running,
      head + HTML.section("Pictures", pictures.markup) + HTML.section("Curves", HTML.charts(curves))
        + HTML.section("Claims", Claim.cards(claims)) + HTML.section("Metrics", finalMetrics)
        + HTML.section("Config", config) + HTML.section("Machine", machine))
  }

  private var head: Markup {
    let time = record.seconds.map { " in \(Readable.duration($0))" } ?? ""
    let words = "\(record.value("model") ?? "a model"), \(record.state.rawValue) at step \(record.step)\(time)."
    let lengths = RunExtension.formerLengths(manifest).map(String.init).joined(separator: ", then ")
    let sentences =
      [
        origin?.sentence, lengths.isEmpty ? nil : "It first had \(lengths) steps.",
        manifest.flatMap { RunMachines(manifest: $0).sentence },
      ].compactMap { $0 } + remarks
    let more = sentences.map { "<p>\($0)</p>\n" as Markup }.joined()
    return "<h1>\(record.name)</h1>\n\(verdict)\(mainNumber)<p>\(words)</p>\n\(more)"
  }

  /// The number of claims with each verdict, in the color of the worst.
  private var verdict: Markup {
    guard !record.claims.isEmpty else { return .none }
    let isBad = record.verdicts.counts.contains { $0.verdict == .fails || $0.verdict == .notReached }
    let style: Markup = isBad ? "fails" : "holds"
    return "<p class=\"head\"><strong class=\"\(style)\">Claims: \(record.claims).</strong></p>\n"
  }

  /// The first metric of the kept parameters, which is the model's own; before there is one, the last loss.
  private var mainNumber: Markup {
    if let metric = evaluation?.metrics.first {
      return
        "<p class=\"head\"><strong>\(metric.name) \(Readable.significant(metric.value))</strong> \(metric.meaning)</p>\n"
    }
    return record.loss.map { "<p class=\"head\"><strong>\($0.name) \(Readable.significant($0.value))</strong></p>\n" }
      ?? .none
  }

  // MARK: - Curves

  /// The quantity that training minimizes, the losses on whole splits, and the diagnostics.
  private var curves: [Plot] {
    guard let metrics, let name = metrics.lossName else { return [] }
    let losses = [
      (name, "batch"), (HeldOutLoss.key("training", name), "training"),
      (HeldOutLoss.key("validation", name), "validation"),
    ].map { (name: $0.0, word: Optional($0.1)) }
    let known = Set(losses.map(\.name) + ["epoch", "examples", "gradientNorm"])
    let others = metrics.names.filter { !known.contains($0) && !metrics.series($0).isEmpty }
    let charts =
      [
        plot(title(of: name), name, losses),
        plot("norm of the gradient of a batch's loss", "gradientNorm", [("gradientNorm", nil)]),
      ] + others.map { plot(title(of: $0), $0, [($0, nil)]) }
    return charts.compactMap { $0 }
  }

  /// A metric with its meaning and its unit, if the run has said what they are.
  private func title(of name: String) -> String {
    evaluation?.metrics.first { $0.name == name }.map { "\(name): \($0.meaning)" } ?? name
  }

  /// Curves with more than one point; nil if there are none.
  private func plot(_ title: String, _ yLabel: String, _ names: [(name: String, word: String?)]) -> Plot? {
    let curves = names.compactMap { name, word -> Plot.Series? in
      let points = metrics?.series(name) ?? []
      return points.count > 1 ? Plot.Series(.line(points), name: word) : nil
    }
    // A single curve needs no name: the axis has it.
    let series = curves.count == 1 ? curves.map { Plot.Series($0.layer) } : curves
    return series.isEmpty ? nil : Plot(title, xLabel: "step", yLabel: yLabel, series)
  }

  // MARK: - Metrics

  private var finalMetrics: Markup {
    guard let evaluation, !evaluation.metrics.isEmpty else { return .none }
    let own = HTML.table(
      "Metrics of the kept parameters.", ["metric", "value", "meaning"],
      evaluation.metrics.map { [$0.name, Readable.number($0.value), $0.meaning] })
    let tables = evaluation.tables.map { table in
      HTML.table(
        table.columns.map { "\($0.name): \($0.meaning)" }.joined(separator: "; "),
        [table.name] + table.columns.map(\.name),
        table.rows.map { [$0.name] + $0.values.map { Readable.significant($0) } })
    }
    return ([own] + tables).joined(separator: "\n")
  }

  // MARK: - Config and machine

  private var config: Markup {
    guard !record.settings.isEmpty else { return .none }
    func rows(_ settings: [(key: String, value: JSON)]) -> [[String]] {
      settings.map { [$0.key, RunRecord.text($0.value), sources?[$0.key]?.string ?? ""] }
    }
    let titles = ["key", "value", "from"]
    let chosen = record.settings.filter { sources?[$0.key]?.string != "default" }
    let own =
      sources == nil || chosen.isEmpty
      ? Markup.none : HTML.table("What differs from the defaults, and where it came from.", titles, rows(chosen))
    let repetition: Markup =
      "<p>To train again, in the folder of the run: <code>train --config config.json</code>. To check its bits: <code>minim verify \(record.name)</code>.</p>\n"
    let all = HTML.table("Every key, its value, and where the value came from.", titles, rows(record.settings))
    return own + repetition + HTML.details("All \(record.settings.count) keys", all)
  }

  private var machine: Markup {
    guard let manifest else { return .none }
    let machine = RunMachines(manifest: manifest).parts.flatMap { part in
      RunRecord.flattened(part.machine).map {
        (key: part.step == 0 ? $0.key : "\($0.key), from step \(part.step)", $0.value)
      }
    }
    let own = ["version", "dataset", "examples", "parameters", "seed", "config", "data"].compactMap { key in
      manifest[key].map { (key: key, value: $0) }
    }
    return HTML.details(
      "Versions and machine",
      HTML.table(
        "Versions, hashes and the machine.", ["what", "value"],
        (own + machine).map { [$0.key, RunRecord.text($0.value)] }))
  }
}
