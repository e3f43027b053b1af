import Foundation
import MinimFiles
import TestSupport
import Testing

/// Names that come from elsewhere - of files, classes, columns, runs, metrics - steer neither a terminal nor a page.
@Suite struct UntrustedTextTests {
  /// Clears the screen, sets the window's title, turns the direction of writing, and does it all in one character each.
  private static let evil = "\u{1b}[2J\u{1b}]0;x\u{7}\u{202e}\u{9b}31m"

  private static func isVisible(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0.isVisible || $0 == "\n" }
  }

  private static func put(_ bytes: [UInt8], _ path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  @Test("classes, columns, pictures and paths in check, at the start of a run and in errors")
  func data() throws {
    let scratch = try Scratch()
    let evil = Self.evil
    let table = (0..<40).map { "\($0 % 7).5,\($0 % 5).25,\($0 % 2 == 0 ? "\"a\(evil)\"" : "b")\n" }.joined()
    try Self.put(Array(("x\u{202e},y\u{9b}31m,kind\n" + table).utf8), scratch.path + "/a.csv")
    for index in 0..<30 {
      let pixels = (0..<16).map { UInt8((((index + 1) * 40503) >> $0) & 1) * 255 }
      let image = Image(width: 4, height: 4, channels: 1, pixels: pixels)
      try Self.put(PNG.encode(image), scratch.path + "/pictures/\(index % 2)\(evil)/\(index)\n\(evil).png")
    }
    try Self.put([1], scratch.path + "/pictures/0\(evil)/\(evil).jpg")
    _ = try scratch.write(
      """
      {"model": {"name": "realnvp", "couplings": 2, "hidden": [4]}, "training": {"steps": 2},
       "data": {"name": "vectors", "path": "a.csv", "label": "kind"}}
      """, to: "rows.json")
    _ = try scratch.write(
      """
      {"model": {"masks": ["A3"], "channels": 2, "pointwiseLayers": 0, "conditional": true}, "training": {"steps": 2},
       "batch": {"examples": 4}, "data": {"name": "images", "path": "pictures"}}
      """, to: "images.json")
    for config in ["rows.json", "images.json"] {
      let check = try Program("minim").run(["check", config], in: scratch.path)
      #expect(check.exitCode == 0 && Self.isVisible(check.output + check.errors), "\(check.output)\(check.errors)")
      #expect(check.output.contains("\\u{1b}[2J") && check.output.contains("\\u{202e}"), "\(check.output)")
      let train = try Program("train").run(["--config", config], in: scratch.path)
      #expect(train.exitCode == 0 && Self.isVisible(train.output + train.errors), "\(train.errors)")
      for command in [["show", "latest"], ["eval", "latest"], ["list"]] {
        let result = try Program("minim").run(command, in: scratch.path)
        #expect(result.exitCode == 0 && Self.isVisible(result.output + result.errors), "\(command) \(result.output)")
      }
      let page = try String(contentsOfFile: scratch.path + "/runs/latest/report.html", encoding: .utf8)
      #expect(Self.isVisible(page))
    }
    let wrong = try Program("minim").run(["check", "images.json", "data.path=\(evil)"], in: scratch.path)
    #expect(wrong.exitCode == 66 && Self.isVisible(wrong.errors), "\(wrong.errors)")
    #expect(wrong.errors.contains("\\u{1b}[2J"))
    let sample = try Program("minim").run(["sample", "latest", "--class", "nobody"], in: scratch.path)
    #expect(sample.exitCode == 64 && Self.isVisible(sample.errors) && sample.errors.contains("\\u{1b}[2J"))
    let right = try Program("minim").run(["sample", "latest", "--class", "0\(evil)", "--count", "2"], in: scratch.path)
    #expect(right.exitCode == 0 && Self.isVisible(right.output), "\(right.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/runs/latest/samples/")
    #expect(names.allSatisfy(Self.isVisible))
  }

  @Test("the name, the config and the files of a run that somebody else has made")
  func runs() throws {
    let scratch = try Scratch()
    let evil = Self.evil
    let text = String(JSON.string(evil).pretty.dropFirst().dropLast())
    for (index, name) in ["a\(evil)", "b\n\(evil)"].enumerated() {
      let run = scratch.path + "/runs/\(name)/"
      try Self.put(
        Array(
          """
          {"name": "\(text)", "model": {"name": "\(text)", "\(text)": "\(text)"}, "seed": \(index), "tab": "x\\ty\\nz"}
          """.utf8), run + "config.json")
      let rows = (1...5).map { #"{"step":\#($0 * 10),"nll":\#($0 + index).5,"\#(text)":\#($0)}"# + "\n" }.joined()
      try Self.put(Array(rows.utf8), run + "metrics.jsonl")
      try Self.put(
        Array(#"{"metrics": [{"name": "\#(text)", "value": 1, "meaning": "\#(text)"}]}"#.utf8), run + "evaluation.json")
    }
    // A metric's name reaches the terminal of a run that is only looked at as its writer has written it.
    try Self.put(Array(#"{"step":10,"nll":1,"\#(evil)":2}"#.utf8) + [0x0a], scratch.path + "/runs/c/metrics.jsonl")
    let commands = [
      ["list"], ["list", "--tsv"], ["list", "--json"], ["list", "--columns", "model.name,tab"],
      ["list", "--tsv", "--columns", "tab"], ["show", "a"], ["show", "a", "--all"], ["compare", "a", "b"],
      ["export", "a"], ["export", "c"], ["tail", "c", "--once"], ["plot", "a", "b"], ["plot", "a", "nothing"],
      ["show", "z"], ["compare", "a", "b", "--group-by", "tab"],
    ]
    for command in commands {
      let result = try Program("minim").run(command, in: scratch.path)
      let shown = (result.output + result.errors).replacing("\t", with: command.contains("--tsv") ? "" : "\t")
      #expect(Self.isVisible(shown), "\(command): \(shown)")
      #expect(!shown.isEmpty && !result.errors.contains("Fatal"))
    }
    let tsv = try Program("minim").run(["list", "--tsv", "--columns", "tab"], in: scratch.path)
    let lines = tsv.output.split(separator: "\n")
    let widths = lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false).count }
    #expect(widths == [8, 8, 8, 8])
    let report = try Program("minim").run(["compare", "a", "b", "--report", "page.html"], in: scratch.path)
    #expect(report.exitCode == 0, "\(report.errors)")
    #expect(Self.isVisible(try String(contentsOfFile: scratch.path + "/page.html", encoding: .utf8)))
  }
}
