import Foundation
import MinimTraining
import TestSupport
import Testing

/// The page of a sweep, whose runs are files alone.
@Suite struct SweepReportTests {
  /// The page of a sweep of some keys. The loss of run n is n, but that of the third is 0.5, and the last has none.
  private static func page(_ words: [String], draws: Int? = nil, unit: String? = nil) throws -> String {
    let folder = try TemporaryFolder()
    let sweep = try SweepDirectory(
      in: folder.path, name: "x", configs: [("x.json", "{}")], grid: SweepGrid(words, draws: draws))
    for member in sweep.members {
      let run = try sweep.directory(member), isLast = member.number == sweep.grid.count
      let loss = member.number == 3 ? "0.5" : isLast ? "\"NaN\"" : "\(member.number)"
      let lines = (1...5).map { #"{"step":\#($0),"nll":\#(loss),"gradientNorm":1}"# }
      try (lines.joined(separator: "\n") + "\n").write(toFile: run.metrics, atomically: true, encoding: .utf8)
      let status = #"{"state":"\#(isLast ? "diverged" : "done")","step":5,"exitCode":0,"seconds":1}"#
      if let unit {
        try #"{"lossUnit":"\#(unit)"}"#.write(toFile: run.manifest, atomically: true, encoding: .utf8)
      }
      try status.write(toFile: run.status, atomically: true, encoding: .utf8)
    }
    try sweep.writeSummary()
    return try String(contentsOfFile: sweep.report, encoding: .utf8)
  }

  private static func count(_ text: String, in page: String) -> Int { page.components(separatedBy: text).count - 1 }

  @Test("the best run has a link, each value of the key a panel with all its runs, and the table can be sorted")
  func seeds() throws {
    let page = try Self.page(["seed=0..2", "optimizer.learningRate=0.1,0.2"])
    #expect(page.contains("Least nll: 0.5000</strong>, run <a href=\"0003/report.html\">0003</a> with seed=1"))
    // All means in one plot, and two panels.
    #expect(Self.count("<svg ", in: page) == 3 && page.contains("means, between the lowest and the highest run"))
    #expect(page.contains(">optimizer.learningRate 0.2: 3 runs</text>"))
    #expect(page.contains("<table class=\"sorted\">") && Self.count("/report.html\">", in: page) == 7)
    // Without other keys all seeds are one group.
    let alone = try Self.page(["seed=0..4"])
    #expect(Self.count("<svg ", in: alone) == 2 && alone.contains(">all runs: 5 runs</text>"))
  }

  @Test("axes and color bars name the unit of the loss, if the runs say what it is") func units() throws {
    let words = ["model.channels=4,8", "optimizer.learningRate=0.1,0.2", "seed=0,1"]
    let known = try Self.page(words, unit: "nats"), unknown = try Self.page(words)
    // The curves, the color bar, and four panels.
    #expect(Self.count(">nll (nats)</text>", in: known) == 6 && !known.contains(">nll</text>"))
    #expect(Self.count(">nll</text>", in: unknown) == 6 && !unknown.contains("nats"))
    let across = try Self.page(words + ["training.steps=1,2"], unit: "nats")
    #expect(across.contains(">nll (nats)</text>"))
  }

  @Test(
    "of many runs the first are drawn, whether they are repeats or each has a value of its own",
    arguments: [
      "seed=0..899", "model.channels=1..900",
    ])
  func many(_ words: String) throws {
    let page = try Self.page([words])
    #expect(page.utf8.count < 1_000_000 && page.contains(", the first 300 drawn") && page.contains("900 runs"))
  }

  @Test("two lists are shades; more keys, and draws, are lines across an axis for each") func keys() throws {
    let two = try Self.page(["model.channels=4,8", "optimizer.learningRate=0.1,0.2"])
    #expect(two.contains(">last nll</text>") && !two.contains("the last nll over the keys"))
    let seeds = try Self.page(["model.channels=4,8", "optimizer.learningRate=0.1,0.2", "seed=0,1"])
    #expect(seeds.contains(">mean of the last nll</text>"))
    let words = ["model.channels=4,8", "optimizer.name=adam,sgd", "optimizer.learningRate=loguniform(1e-4,1e-1)"]
    let draws = try Self.page(words, draws: 12)
    #expect(draws.contains("aria-label=\"the last nll over the keys\"") && draws.contains(">10⁻²</text>"))
    #expect(draws.contains("blue: the tenth with the least nll; orange: without one"))
    let three = try Self.page(["model.channels=4,8", "optimizer.name=adam,sgd", "training.steps=1,2"])
    #expect(three.contains("aria-label=\"the last nll over the keys\"") && !three.contains(">last nll</text>"))
    // Runs of other channels are no repeats of each other: without seeds there are no means.
    #expect([two, draws, three].allSatisfy { !$0.contains("means, between") && !$0.contains("<h2>Each run</h2>") })
  }
}
