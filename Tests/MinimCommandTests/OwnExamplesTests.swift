import Foundation
import MinimFiles
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// `minim eval RUN --data FILE`.
@Suite struct OwnExamplesTests {
  private func write(_ values: [Float], _ shape: [Int], _ name: String, in scratch: Scratch) throws {
    try Data(NPY.encode(values, shape: shape)).write(to: URL(fileURLWithPath: scratch.path + "/" + name))
  }

  /// The images of 4x3 whose rows or columns are constant, each once.
  private static let patterns: [[Float]] = {
    let rows = (0..<16).map { code in (0..<12).map { Float(code >> ($0 / 3) & 1) } }
    let columns = (0..<8).map { code in (0..<12).map { Float(code >> ($0 % 3) & 1) } }
    return rows + columns.filter { !rows.contains($0) }
  }()

  @Test("the mean over all patterns is the run's own NLL, example by example") func wholeDistribution() throws {
    let small = try SmallRun()
    try small.train()
    let minim = Program("minim")
    func json(_ arguments: [String]) throws -> JSON {
      let result = try minim.run(["eval", "latest", "--json"] + arguments, in: small.scratch.path)
      #expect(result.exitCode == 0, "\(result.errors)")
      return try JSONParser.parse(result.output).json
    }
    let count = Self.patterns.count
    try write(Self.patterns.flatMap { $0 }, [count, 4, 3], "all.npy", in: small.scratch)
    let all = try json(["--data", "all.npy"]), own = try json([])
    let nll = try #require(all["loss"]?["mean"]?.number)
    #expect(all["examples"] == .integer(count) && all["loss"]?["name"] == "nll" && all["step"] == 300)
    #expect(abs(nll - (own["nll"]?.number ?? .nan)) < 1e-6)
    #expect(all["logProb"]?["mean"] == .number(-nll) && all["logProb"]?["source"] == "the model")

    // One value per example, next to the run unless asked elsewhere; in lines of values it is the same.
    let path = try #require(all["values"]?.string)
    #expect(path.hasPrefix("runs/") && path.hasSuffix("/logProb-all.npy"))
    let values = try NumericArray.read(small.scratch.path + "/" + path)
    let (mean, error) = Statistics.mean(values.values.map(Double.init))
    #expect(values.shape == [count] && abs(mean + nll) < 1e-6)
    #expect(abs(error - (all["logProb"]?["standardError"]?.number ?? .nan)) < 1e-6)
    let lines = Self.patterns.map { $0.map { "\(Int($0))" }.joined(separator: ",") }.joined(separator: "\n")
    _ = try small.scratch.write(lines + "\n", to: "all.csv")
    _ = try json(["--data", "all.csv", "--npy", "own.npy"])
    #expect(try NumericArray.read(small.scratch.path + "/own.npy") == values)
    // A single image is its own line of the table, and an image that is no pattern is less probable than any.
    try write(Self.patterns[5], [4, 3], "one.npy", in: small.scratch)
    let one = try json(["--data", "one.npy"])
    #expect(Float(one["logProb"]?["mean"]?.number ?? .nan) == values.values[5])
    #expect(one["logProb"]?["standardError"] == .null)
    try write([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0], [1, 12], "odd.npy", in: small.scratch)
    let odd = try json(["--data", "odd.npy"])
    #expect(odd["logProb"]?["mean"]?.number ?? 0 < Double(values.values.min() ?? 0))

    let text = try minim.run(["eval", "latest", "--data", "all.npy"], in: small.scratch.path)
    #expect(text.output.contains("mean log p(x) by the model, nats per example"), "\(text.output)")
    #expect(text.output.hasSuffix("The logProb of each example: \(path)\n"))
  }

  @Test("files that do not fit say what was expected and found") func misfits() throws {
    let small = try SmallRun()
    try small.train(["training.steps=5"])
    try write([Float](repeating: 0, count: 50), [2, 5, 5], "large.npy", in: small.scratch)
    try write([Float](repeating: 7, count: 12), [1, 4, 3], "gray.npy", in: small.scratch)
    for (arguments, code, text) in [
      (["--data", "large.npy"], 65, "[count, 4, 3] or [count, 12]; found the shape [2, 5, 5]"),
      (["--data", "gray.npy"], 65, "0 and 1; value 1 of 12 is 7.0"), (["--data", "none.npy"], 66, "none.npy"),
      (["--data", "small.json"], 65, "small.json"), (["--data", "gray.npy", "--exact"], 64, "--exact"),
      (["--npy", "a.npy"], 64, "--npy needs --data"), (["--labels", "a.npy"], 64, "--labels needs --data"),
      (["--data", "gray.npy", "--labels", "gray.npy"], 65, "value 1 of 12"),
    ] as [([String], Int32, String)] {
      let result = try Program("minim").run(["eval", "latest"] + arguments, in: small.scratch.path)
      #expect(result.exitCode == code && result.errors.contains(text), "\(arguments): \(result)")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: small.latest + "/")
    #expect(!files.contains { $0.hasSuffix(".npy") })
  }

  @Test("a conditional model takes the classes of folders or of a file, and asks for them") func classes() throws {
    let short = try ShortRun("pixelcnn-folder.json")
    #expect(try short.train(in: "runs").exitCode == 0)
    let folder = ShortRun.project + "/data/shapes"
    func json(_ arguments: [String]) throws -> JSON {
      let result = try short.minim(["eval", "latest", "--json"] + arguments)
      #expect(result.exitCode == 0, "\(result.errors)")
      return try JSONParser.parse(result.output).json
    }
    // The pictures of the run, from first to last: its three splits together.
    let all = try json(["--data", folder])
    #expect(all["examples"] == 200)
    let own = try json([])
    let mean = try #require(all["loss"]?["mean"]?.number)
    let parts = ["trainingNLL", "validationNLL", "testNLL"].compactMap { own[$0]?.number }
    #expect(parts.count == 3 && (parts.min() ?? 0)...(parts.max() ?? 0) ~= mean)
    let discs = try short.minim(["eval", "latest", "--data", folder + "/disc"])
    #expect(discs.exitCode == 64 && discs.errors.contains("add --labels FILE"), "\(discs)")
    let count = try FileManager.default.contentsOfDirectory(atPath: folder + "/disc").filter { $0.hasSuffix("png") }
      .count
    try write([Float](repeating: 1, count: count), [count], "labels.npy", in: short.scratch)
    try write([Float](repeating: 2, count: count), [count], "wrong.npy", in: short.scratch)
    let right = try json(["--data", folder + "/disc", "--labels", "labels.npy"])
    let wrong = try json(["--data", folder + "/disc", "--labels", "wrong.npy"])
    #expect(right["loss"]?["mean"] != wrong["loss"]?["mean"])
    try write([9], [1], "few.npy", in: short.scratch)
    let few = try short.minim(["eval", "latest", "--data", folder + "/disc", "--labels", "few.npy"])
    #expect(few.exitCode == 65 && few.errors.contains("1 labels for \(count) examples"), "\(few)")
  }

  @Test("a VAE adds log p(x) to its bound; a flow has it exactly; a GAN has neither") func otherModels() throws {
    let scratch = try Scratch()
    try write([0.3, -0.2, 1, 0.4], [2, 2], "plane.npy", in: scratch)
    for (config, overrides, source) in [
      ("realnvp", ["model.couplings=2", "model.hidden=[4]", "samples=4"], "the model"),
      ("vae", ["data.name=twoMoons", "samples=4"], "a grid"), ("gan-ring", ["samples=4"], nil),
    ] as [(String, [String], String?)] {
      let trained = try Program("train", environment: ShortRun.home).run(
        ["--config", config, "--quiet", "training.steps=3"] + overrides, in: scratch.path)
      #expect(trained.exitCode == 0, "\(config): \(trained.errors)")
      let result = try Program("minim", environment: ShortRun.home).run(
        ["eval", "latest", "--json", "--data", "plane.npy"], in: scratch.path)
      guard let source else {
        #expect(result.exitCode == 64 && result.errors.contains("neither"), "\(result)")
        continue
      }
      #expect(result.exitCode == 0, "\(config): \(result.errors)")
      let json = try JSONParser.parse(result.output).json
      let (loss, logProb) = (json["loss"]?["mean"]?.number ?? .nan, json["logProb"]?["mean"]?.number ?? .nan)
      #expect(json["logProb"]?["source"] == .string(source))
      // The loss is -log p(x), or an upper bound of it, here of two rows and one draw each.
      #expect(config == "vae" ? logProb > -loss - 1 : abs(loss + logProb) < 1e-5, "\(config): \(loss) \(logProb)")
    }
  }
}
