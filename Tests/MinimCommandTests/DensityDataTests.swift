import Foundation
import MinimData
import MinimDrawing
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// Points in the plane of known densities, as the data of a config.
@Suite struct DensityDataTests {
  private static let names: [String] = [
    "gaussianMixture", "ring", "twoMoons", "spirals", "banana", "checkerboard", "pinwheel", "correlatedNormal",
  ]

  private static func config(_ name: String) -> String {
    """
    {
      "name": "plane",
      "model": { "name": "vae", "latent": 2, "encoder": [8], "decoder": [8], "standardDeviation": 0.3, "gapRows": 4 },
      "data": { "name": "\(name)", "rows": 50 },
      "batch": { "examples": 16 },
      "training": { "steps": 4 }
    }
    """
  }

  @Test("a VAE's config may name them", arguments: names) func check(_ name: String) throws {
    let scratch = try Scratch()
    _ = try scratch.write(Self.config(name), to: "plane.json")
    let result = try Program("minim").run(["check", "plane.json"], in: scratch.path)
    #expect(result.exitCode == 0 && result.output.contains("4 steps on "), "\(result.errors)")
    // The controls: a key that they do not have, and a model of images.
    for override in ["data.sigmma=1", "model.name=pixelcnn"] {
      #expect(try Program("minim").run(["check", "plane.json", "--set", override], in: scratch.path).exitCode == 78)
    }
  }

  @Test(
    "mistakes in them are told with their places",
    arguments: [
      (#"{ "name": "energy", "energy": "u5" }"#, "data.energy", #""u1", "u2", "u3", "u4""#),
      (#"{ "name": "energy", "energy": "u2", "confinement": 9 }"#, "data.confinement", "0.5...5"),
      (#"{ "name": "energy", "energy": "u1", "confinement": 2 }"#, "data.confinement", "unknown key"),
      (#"{ "name": "energy", "rows": 10 }"#, "data.rows", "unknown key"),
      (#"{ "name": "ring", "rows": -1 }"#, "data.rows", "0...1000000"),
      (
        #"{ "name": "energy" }"#, "model.name",
        "needs examples, and energy U1 of Rezende and Mohamed is a density alone"
      ),
    ])
  func mistakes(_ data: String, _ key: String, _ words: String) throws {
    let scratch = try Scratch()
    _ = try scratch.write(
      #"{ "model": { "name": "vae", "encoder": [8], "decoder": [8] }, "data": \#(data), "training": { "steps": 4 } }"#,
      to: "wrong.json")
    let result = try Program("minim").run(["check", "wrong.json"], in: scratch.path)
    #expect(result.exitCode == 78 && result.errors.contains(key) && result.errors.contains(words), "\(result.errors)")
  }

  @Test("models of examples refuse a density alone, with one problem each", arguments: ["vae", "pixelcnn", "fixed-q"])
  func densityAlone(_ model: String) throws {
    let scratch = try Scratch()
    _ = try scratch.write(
      #"{ "model": { "name": "\#(model)" }, "data": { "name": "energy", "energy": "u3" } }"#, to: "energy.json")
    let result = try Program("minim").run(["check", "energy.json"], in: scratch.path)
    #expect(result.exitCode == 78 && result.errors.contains("1 error."), "\(result.errors)")
    #expect(result.errors.contains("model.name") && result.errors.contains("energy U3"), "\(result.errors)")
  }

  @Test("fresh draws in every step, the losses on rows of their own") func endless() throws {
    let scratch = try Scratch()
    _ = try scratch.write(Self.config("ring"), to: "plane.json")
    let overrides = ["data.rows=0", "validation.interval=2", "model.gapRows=0"]
    let result = try Program("train").run(["--config", "plane.json", "--quiet"] + overrides, in: scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    let lines = try String(contentsOfFile: scratch.path + "/runs/latest/metrics.jsonl", encoding: .utf8)
    #expect(lines.contains("\"validationNegativeELBO\"") && lines.contains("\"trainingNegativeELBO\""))
    #expect(lines.contains("\"epoch\":1,\"examples\":64"))
  }

  @Test func aRunOnThem() throws {
    let scratch = try Scratch()
    _ = try scratch.write(Self.config("twoMoons"), to: "plane.json")
    let result = try Program("train").run(["--config", "plane.json", "--quiet"], in: scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    // The samples as a plot, and as points in the data's own units.
    let run = RunDirectory(path: scratch.path + "/runs/latest/")
    let picture = try PNG.decode(FileStore().read(run.sample(step: 4)))
    #expect(picture.image.width > 600 && picture.texts.contains { $0.key == "step" })
    let samples = try NPY.decode(FileStore().read(run.samples + "/final.npy"), file: "final.npy")
    #expect(samples.shape == [64, 2] && samples.values.contains { !(0...1).contains($0) })
  }
}
