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

  @Test("more than two latents: how many examples have no estimate, and what says so", arguments: [3, 2])
  func importance(_ latent: Int) throws {
    let (result, scratch) = try run(
      ["model.latent=\(latent)"], ["--rows", "12", "--draws", "400", "--random-starts", "1"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let csv = try String(contentsOfFile: scratch.path + "/runs/latest/gap-test.csv", encoding: .utf8)
    let lines = csv.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(
      lines[0].suffix(4) == ["importanceLogProb", "importanceError", "effectiveSampleSize", "paretoK"]
        && lines.count == 13)
    let rows = lines.dropFirst().map { $0.compactMap { Double($0) } }
    #expect(rows.allSatisfy { $0.count == lines[0].count })
    let unreliable = rows.count { !($0[14] <= 0.7) }
    let largest = rows.map { $0[14] }.max() ?? .nan
    let test = try #require(result.output.range(of: "12 test examples").map { result.output[$0.lowerBound...] })
    #expect(test.contains("\(unreliable) of 12 examples have no reliable estimate"))
    #expect(test.contains("searches that end at the best"))
    #expect(test.contains("largest Pareto k-hat \(String(format: "%.3f", largest).prefix(4))"), "\(largest)")
    for row in rows {
      #expect(row[13] > 0 && row[13] <= 400)
      // Above two latents the estimate is log p(x), below it is beside that of a grid.
      if latent == 3, row[14] <= 0.7 { #expect(row[1] == row[11] && row[7] == row[12]) }
      if latent == 3, row[14] > 0.7 { #expect(row[1].isNaN) }
      if latent == 2, row[14] <= 0.7 { #expect(abs(row[1] - row[11]) < 5 * row[12]) }
    }
  }

  @Test(
    "along a run and over widths: a row for each checkpoint and each width, a picture of both, and what inference costs"
  )
  func sweeps() throws {
    let (result, scratch) = try run(
      ["intervals.checkpoint=10", "intervals.keepEvery=10"], ["--rows", "5", "--along", "--widths", "1,3"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    for first in ["10", "20", "1", "3"] { #expect(lines.count { $0.first == first && $0.count == 7 } == 1, "\(first)") }
    for way in ["amortized:", "semi-amortized:", "per"] { #expect(lines.contains { $0.first == way }, "\(way)") }
    for name in ["gap-along", "gap-widths"] {
      let picture = FileManager.default.contents(atPath: scratch.path + "/runs/latest/samples/\(name).png")
      #expect((picture?.count ?? 0) > 1000)
    }
    let array = FileManager.default.contents(atPath: scratch.path + "/runs/latest/gap-training.npy")
    #expect(array.map { $0.count % 64 == (5 * 14 * 4) % 64 && $0.count > 5 * 14 * 4 } == true)
  }

  @Test("widths that are none are refused before anything is computed", arguments: ["0", "4,x", "", "4,,5", "5000"])
  func wrongWidths(_ widths: String) throws {
    let (result, scratch) = try run([], ["--widths", widths])
    #expect(result.exitCode == 64 && result.errors.contains("--widths"), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/runs/latest/gap-training.csv"))
  }

  @Test("numbers of draws and starts that make no sense are refused", arguments: ["--draws", "--random-starts"])
  func wrongNumbers(_ option: String) throws {
    let (result, _) = try run([], [option, "-3"])
    #expect(result.exitCode == 64 && result.errors.contains(option), "\(result.errors)")
  }

  @Test(
    "what has no gap is refused with a reason",
    arguments: [
      (["model.latent=17"], "up to 16 latent variables"), (["model.beta=2"], "not a bound"),
      (["model.freeBits=0.1"], "not a bound"),
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
