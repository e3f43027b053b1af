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
}
