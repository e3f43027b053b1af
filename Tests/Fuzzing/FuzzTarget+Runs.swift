import MinimData
import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining

// The files of a run, each in the folder of a run that is sound otherwise, as `list`, `show`, `compare`, `report` and
// `export` read them.

extension FuzzTarget {
  static let status = run("status.json") { run in
    let status = try RunStatus(of: run)
    try demand(try JSONParser.parse(status.json.compact).json == status.json, "what is written reads as the same")
  }

  static let manifest = run("manifest.json") { run in
    _ = try RunExtension.formerLengths(of: run)
  }

  /// The content of data.json without its checksum, which would refuse nearly every change.
  static let description = FuzzTarget("description") { bytes in
    guard let json = try? JSONParser.parse(bytes).json, let description = DataDescription(json) else {
      throw DataFileError(file: "data.json", reason: "it does not describe data")
    }
    let again = DataDescription(try JSONParser.parse(description.json.compact).json)
    try demand(again?.json == description.json, "what is written reads as the same")
  }

  static let claims = run("claims.json") { run in
    var files = RunFileReader()
    let claims = files.claims(of: run)
    try demand(Claim.all(inFile: Claim.file(claims)) == claims, "what is written reads as the same")
    for claim in claims { _ = [claim.verdictText, claim.comparison, claim.controlText, claim.controlComparison] }
  }

  static let evaluation = run("evaluation.json") { run in
    var files = RunFileReader()
    guard let evaluation = files.json(run.evaluation).map({ Evaluation($0) }) else { return }
    let again = Evaluation(try JSONParser.parse(evaluation.json.compact).json)
    try demand(again.json.compact == evaluation.json.compact, "what is written reads as the same")
  }

  static let metrics = run("metrics.jsonl") { run in
    let metrics = try RunMetrics(run)
    for name in metrics.names { _ = Sparkline.draw(metrics.series(name).map(\.y), width: 40) }
    _ = try EventFile(of: run, in: run.tensorboard)
  }

  static let diagnostics = run("diagnostics.jsonl") { run in
    _ = try RunMetrics(run)
    _ = try EventFile(of: run, in: run.tensorboard)
  }

  /// A target that reads one file of a run by `read`, and then the whole run in all ways.
  private static func run(_ file: String, _ read: @escaping @Sendable (RunDirectory) throws -> Void) -> FuzzTarget {
    FuzzTarget(String(file.prefix { $0 != "." })) { bytes in
      let folder = try ScratchFolder(soundRun)
      defer { folder.remove() }
      try folder.put(bytes, file)
      let run = RunDirectory(path: folder.path)
      let remarks = try lookAt(run)
      try read(run)
      // Commands leave out what is damaged, and say so.
      if let remark = remarks.first { throw DataFileError(file: file, reason: remark) }
    }
  }

  /// Reads a run as the commands do.
  ///
  /// - Returns: what they leave out, one sentence each.
  private static func lookAt(_ run: RunDirectory) throws -> [String] {
    let comparison = RunComparison([run])
    _ = (comparison.differences, comparison.metricNames)
    let record = comparison.entries[0].record
    for key in ["state", "step", "seconds", "loss", "claims", "model"] { _ = record.value(key) }
    _ = record.seconds.map { Readable.duration($0) }
    let report = try RunReport(run)
    try demand(report.text.utf8.count < 2_000_000, "a page stays small")
    return comparison.entries[0].remarks + report.remarks
  }

  private static let soundRun: KeyValuePairs = [
    "config.json": #"{ "name": "small", "model": { "name": "pixelcnn", "channels": 8 }, "training": { "steps": 20 } }"#,
    "sources.json": #"{ "training.steps": "override" }"#,
    "status.json": """
    {"state":"done","step":20,"exitCode":0,"seconds":4.1,"checkpoint":20,"loss":{"nll":6.2},"claims":{"holds":1}}
    """,
    "manifest.json": #"{ "version": "1", "seed": 5, "machine": { "kernels": "avx2" } }"#,
    "metrics.jsonl": """
    {"step":10,"nll":6.5,"epoch":1}
    {"step":20,"nll":6.2,"epoch":2}

    """,
    "diagnostics.jsonl": """
    {"step":10,"rank":3.5,"spectrum":[2,1,0.5],"alarm":null}
    {"step":20,"rank":3,"spectrum":[2,1,0.5],"alarm":null}

    """,
  ]
}
