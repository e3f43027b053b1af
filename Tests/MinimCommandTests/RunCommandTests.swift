import Foundation
import MinimConfiguration
import MinimFiles
import MinimTraining
import TestSupport
import Testing

@Suite struct RunCommandTests {
  @Test("sample, eval and check work on a run and a config")
  func commands() throws {
    let small = try SmallRun()
    try small.train()
    let minim = Program("minim")
    let sample = try minim.run(["sample", "latest", "--count", "30", "--output", "out.png"], in: small.scratch.path)
    #expect(sample.exitCode == 0, "\(sample.errors)")
    // The file that was asked for is named, not a temporary one beside it.
    let nowhere = try minim.run(["sample", "latest", "--output", "missing/out.png"], in: small.scratch.path)
    #expect(nowhere.exitCode == 73)
    #expect(nowhere.errors == "missing/out.png: cannot create: No such file or directory\n")
    #expect(sample.output.contains("of 30 samples are valid") && sample.output.contains("Look at: out.png"))
    let png = try Data(contentsOf: URL(fileURLWithPath: small.scratch.path + "/out.png"))
    #expect(try PNG.decode(Array(png)).image.width > 100)

    let evaluation = try minim.run(["eval", "latest", "--json", "--exact"], in: small.scratch.path)
    #expect(evaluation.exitCode == 0, "\(evaluation.errors)")
    let json = try JSONParser.parse(Array(evaluation.output.utf8)).json
    let cost = (json["blindSpotCost"]?.number ?? .nan) + (json["fitCost"]?.number ?? .nan)
    let nll = json["nll"]?.number ?? .nan
    #expect(abs((json["entropy"]?.number ?? .nan) + cost - nll) < 1e-12)
    // All 2^12 images of 4x3.
    #expect(abs((json["claims"]?[0]?["measured"]?.number ?? .nan) - 1) < 1e-4)

    let check = try minim.run(["check", "small.json"], in: small.scratch.path)
    #expect(check.exitCode == 0 && check.output.contains("parameters"))
  }

  @Test("eval and sample use the checkpoint of a step that is asked for, or say which there are")
  func chosenStep() throws {
    let small = try SmallRun()
    try small.train(["intervals.checkpoint=100", "intervals.keepLast=3"])
    let minim = Program("minim")
    func json(_ arguments: [String]) throws -> JSON {
      let result = try minim.run(["eval", "latest", "--json"] + arguments, in: small.scratch.path)
      #expect(result.exitCode == 0, "\(result.errors)")
      return try JSONParser.parse(result.output).json
    }
    let (first, last, kept) = (try json(["--step", "100"]), try json(["--step", "300"]), try json([]))
    #expect(first["step"] == 100 && last["step"] == 300 && first["weights"] == "raw")
    #expect(kept == last && (first["nll"]?.number ?? 0) > last["nll"]?.number ?? .infinity)

    let text = try minim.run(["eval", "latest", "--step", "100"], in: small.scratch.path)
    #expect(text.output.hasPrefix("Parameters of step 100, raw, not averaged\n"))
    let sample = try minim.run(["sample", "latest", "--step", "100", "--output", "a.png"], in: small.scratch.path)
    #expect(sample.exitCode == 0 && sample.output.hasPrefix("Parameters of step 100, raw, not averaged\n"))
    let png = try Data(contentsOf: URL(fileURLWithPath: small.scratch.path + "/a.png"))
    #expect(try PNG.decode(Array(png)).texts.contains(PNG.Text(key: "step", value: "100")))

    for command in ["eval", "sample"] {
      let missing = try minim.run([command, "latest", "--step", "150", "--runs", "runs"], in: small.scratch.path)
      #expect(missing.exitCode == 66 && missing.output == "")
      #expect(
        missing.errors.contains("there is no checkpoint at step 150; there are 100, 200, 300"), "\(missing.errors)")
      let word = try minim.run([command, "latest", "--step", "last"], in: small.scratch.path)
      #expect(word.exitCode == 64 && word.errors.contains("--step"))
    }
  }
}
