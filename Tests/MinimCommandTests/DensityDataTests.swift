import MinimData
import TestSupport
import Testing

/// Points in the plane of known densities, as the data of a config.
@Suite struct DensityDataTests {
  private static let names: [DataName] = [
    .gaussianMixture, .ring, .twoMoons, .spirals, .banana, .checkerboard, .pinwheel, .correlatedNormal,
  ]

  private static func config(_ name: DataName) -> String {
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

  @Test("a VAE's config may name them", arguments: names) func check(_ name: DataName) throws {
    let scratch = try Scratch()
    _ = try scratch.write(Self.config(name), to: "plane.json")
    let result = try Program("minim").run(["check", "plane.json"], in: scratch.path)
    #expect(result.exitCode == 0 && result.output.contains("4 steps on "), "\(result.errors)")
    // The controls: a key that they do not have, and a model of images.
    for override in ["data.sigmma=1", "model.name=pixelcnn"] {
      #expect(try Program("minim").run(["check", "plane.json", "--set", override], in: scratch.path).exitCode == 78)
    }
  }

  @Test func aRunOnThem() throws {
    let scratch = try Scratch()
    _ = try scratch.write(Self.config(.twoMoons), to: "plane.json")
    let result = try Program("train").run(["--config", "plane.json", "--quiet"], in: scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
  }
}
