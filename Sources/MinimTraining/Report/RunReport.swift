import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimNN

/// A run as one self-contained page, `report.html`, made of the files of the run's folder alone.
package struct RunReport {
  private let directory: RunDirectory
  private let store: FileStore
  private let record: RunRecord
  private let metrics: RunMetrics?

  /// The most bytes of pictures that a page of 1 MB has room for.
  private static let roomForPictures = 640_000

  /// Reads the files that exist.
  package init(_ directory: RunDirectory, store: FileStore = FileStore()) {
    self.directory = directory
    self.store = store
    record = RunRecord(directory, store: store)
    metrics = try? RunMetrics(directory, store: store)
  }

  /// Writes the page.
  package func write() throws { try store.writeAtomically(text, to: directory.report) }

  /// The page.
  package var text: String {
    HTML.page(
      record.name, refreshes: record.state == .running,
      head + HTML.section("Curves", HTML.charts(curves)) + HTML.section("Claims", claims)
        + HTML.section("Metrics", finalMetrics)
        + HTML.section("Pictures", pictures) + HTML.section("Config", config) + HTML.section("Machine", machine))
  }

  private func json(_ path: String) -> JSON? {
    (try? store.read(path, limit: 1 << 26)).flatMap { try? JSONParser.parse($0, limit: 1 << 26).json }
  }

  private var head: Markup {
    let loss = record.loss.map { ", \($0.name) \(Readable.significant($0.value))" } ?? ""
    let time = record.seconds.map { " in \(Readable.duration($0))" } ?? ""
    let claims: Markup = record.claims.isEmpty ? .none : "<p>Claims: \(record.claims).</p>\n"
    let origin: Markup = RunOrigin(of: directory, store: store).map { "<p>\($0.sentence)</p>\n" } ?? .none
    let lengths = RunExtension.formerLengths(of: directory, store: store).map(String.init).joined(separator: ", then ")
    let extensions: Markup = lengths.isEmpty ? .none : "<p>It first had \(lengths) steps.</p>\n"
    let words = "\(record.value("model") ?? "a model"), \(record.state.rawValue) at step \(record.step)\(time)\(loss)."
    return "<h1>\(record.name)</h1>\n<p>\(words)</p>\n\(origin)\(extensions)\(claims)"
  }

  // MARK: - Curves

  /// The quantity that training minimizes, the losses on whole splits, and the diagnostics.
  private var curves: [Plot] {
    guard let metrics, let name = metrics.lossName else { return [] }
    func plot(_ title: String, _ names: [(name: String, word: String?)]) -> Plot? {
      let series = names.map { Plot.Series(.line(RunMetrics.thinned(metrics.series($0.name))), name: $0.word) }
        .filter { if case .line(let points) = $0.layer { points.count > 1 } else { false } }
      if series.count == 1, case .line(let points) = series[0].layer {
        return Plot(title, xLabel: "step", yLabel: title, [.init(.line(points))])
      }
      return series.isEmpty ? nil : Plot(title, xLabel: "step", yLabel: title, series)
    }
    let losses = [
      (name, "batch"), (HeldOutLoss.key("training", name), "training"),
      (HeldOutLoss.key("validation", name), "validation"),
    ].map { (name: $0.0, word: Optional($0.1)) }
    let known = Set(losses.map(\.name) + ["epoch", "examples", "gradientNorm"])
    let others = metrics.names.filter { !known.contains($0) && !metrics.series($0).isEmpty }
    let charts =
      [plot(name, losses), plot("gradientNorm", [("gradientNorm", nil)])] + others.map { plot($0, [($0, nil)]) }
    return charts.compactMap { $0 }
  }

  // MARK: - Claims and metrics

  private var claims: Markup {
    let claims = json(directory.claims).map(Claim.all(inFile:)) ?? []
    guard !claims.isEmpty else { return .none }
    let titles = [
      "claim", "verdict", "theorem", "quantity", "unit", "measured and expected", "control",
      "its measured and expected",
    ]
    return HTML.table("\(Claim.summary(claims)). Each control must fail.", titles, claims.map(Self.row))
  }

  private static func row(_ claim: Claim) -> Markup {
    let style =
      switch claim.verdict {
      case .notApplicable: "soft"
      case .holds, .expectedFailure: "holds"
      case .fails: "fails"
      }
    let control = claim.control.map { "\(claim.controlText), \($0.changed) changed: \($0.statement)" } ?? "-"
    let theorem = claim.theorem.statement + (claim.reason.map { " (\($0))" } ?? "")
    let cells = [theorem, claim.quantity, claim.unit ?? "", claim.comparison, control, claim.controlComparison]
    let others = cells.map { "<td>\($0)</td>" as Markup }.joined()
    return "<tr><th scope=\"row\">\(claim.id)</th><td class=\"\(style)\">\(claim.verdictText)</td>\(others)</tr>"
  }

  private var finalMetrics: Markup {
    guard let evaluation = json(directory.evaluation).map({ Evaluation($0) }), !evaluation.metrics.isEmpty else {
      return .none
    }
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

  // MARK: - Pictures, config, machine

  /// The last samples, and the other pictures by name, as many as there is room for.
  private var pictures: Markup {
    let names = ((try? store.list(directory.samples)) ?? []).filter { $0.hasSuffix(".png") }.sorted()
    let steps = names.filter(RunDirectory.isSample)
    let last = names.contains(RunDirectory.bestName) ? RunDirectory.bestName : steps.last
    var (content, left): (Markup, [String]) = (.none, [])
    var room = Self.roomForPictures
    for name in (last.map { [$0] } ?? []) + names.filter({ !steps.contains($0) && $0 != last }) {
      guard let png = try? store.read(Path.join(directory.samples, name), limit: 1 << 26) else { continue }
      if png.count > room {
        left.append(name)
        continue
      }
      room -= png.count
      content += HTML.image(png: png, name == last ? "samples, \(name)" : String(name.dropLast(4))) + "\n"
    }
    if !left.isEmpty {
      content += "<p class=\"soft\">Too large for this page: \(left.joined(separator: ", ")).</p>"
    }
    return content
  }

  private var config: Markup {
    guard !record.settings.isEmpty else { return .none }
    let sources = json(directory.sources)
    return HTML.details(
      "\(record.settings.count) keys",
      HTML.table(
        "Every key, its value, and where the value came from.", ["key", "value", "from"],
        record.settings.map { [$0.key, RunRecord.text($0.value), sources?[$0.key]?.string ?? ""] }))
  }

  private var machine: Markup {
    guard let manifest = json(directory.manifest) else { return .none }
    let machine = RunRecord.flattened(manifest["machine"] ?? .null)
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
