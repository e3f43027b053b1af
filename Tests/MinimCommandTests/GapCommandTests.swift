import Foundation
import TestSupport
import Testing

@Suite struct GapCommandTests {
  private static let config = """
    {
      "name": "gap",
      "model": { "name": "vae", "latent": 1, "encoder": [8], "decoder": [8], "standardDeviation": 0.3 },
      "data": { "name": "tanhGaussian", "rows": 40 },
      "batch": { "examples": 40 },
      "training": { "steps": 20 }
    }
    """

  private func run(_ overrides: [String], _ arguments: [String]) throws -> (Program.Result, Scratch) {
    let scratch = try Scratch()
    _ = try scratch.write(Self.config, to: "gap.json")
    let trained = try Program("train").run(["--config", "gap.json", "--quiet"] + overrides, in: scratch.path)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    return (try Program("minim").run(["gap", "latest"] + arguments, in: scratch.path), scratch)
  }

  @Test("a table of both gaps, a row for each example, and a picture")
  func gaps() throws {
    let (result, scratch) = try run([], ["--rows", "12"])
    #expect(result.exitCode == 0, "\(result.errors)")
    for word in ["12 training examples", "12 test examples", "approximation gap", "amortization gap", "Look at: "] {
      #expect(result.output.contains(word), "\(word)")
    }
    let csv = try String(contentsOfFile: scratch.path + "/runs/latest/gap-test.csv", encoding: .utf8)
    let lines = csv.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines.count == 13 && lines[0].first == "row" && Set(lines.map(\.count)).count == 1)
    for line in lines.dropFirst() {
      let numbers = line.compactMap { Double($0) }
      // log p(x) - L(q_phi) is the sum of the two, and none is negative but for the rules' own errors.
      let (logProb, encoder) = (numbers[1], numbers[2])
      #expect(abs(logProb - encoder - numbers[5] - numbers[6]) < 1e-9)
      #expect(numbers[5] > -1e-4 && numbers[6] > -1e-4)
    }
    let picture = FileManager.default.contents(atPath: scratch.path + "/runs/latest/samples/gap-test.png")
    #expect((picture?.count ?? 0) > 1000)
  }

  @Test(
    "what has no gap is refused with a reason",
    arguments: [
      (["model.latent=3"], "one or two latent variables"), (["model.beta=2"], "no bound"),
      (["model.freeBits=0.1"], "no bound"),
    ])
  func refused(_ overrides: [String], _ words: String) throws {
    let (result, _) = try run(overrides, [])
    #expect(result.exitCode == 64 && result.errors.contains(words), "\(result.errors)")
  }

  @Test("a run of another model is refused")
  func otherModel() throws {
    let small = try SmallRun()
    try small.train(["training.steps=5"])
    let result = try Program("minim").run(["gap", "latest"], in: small.scratch.path)
    #expect(result.exitCode == 64 && result.errors.contains("vae"), "\(result.errors)")
  }
}
