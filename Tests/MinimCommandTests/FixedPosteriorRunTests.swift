import MinimConfiguration
import MinimFiles
import MinimModels
import MinimTraining
import TestSupport
import Testing

/// The config of a fixed q, whole, as real processes: each q ends where the theory says.
@Suite struct FixedPosteriorRunTests {
  private static func run(_ overrides: [String]) throws -> (
    metrics: [String: Double], claims: [String: String], picture: Image
  ) {
    let short = try ShortRun("vae-fixed-q.json")
    let result = try Program("train", environment: ShortRun.home).run(
      ["--config", "vae-fixed-q.json", "--quiet", "--runs", "runs"] + overrides, in: short.scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    let run = short.run(in: "runs")
    let evaluation = try JSONParser.parse(short.bytes(run.evaluation)).json
    let metrics = (evaluation["metrics"]?.array ?? []).map { ($0["name"]?.string ?? "", $0["value"]?.number ?? .nan) }
    let claims = try JSONParser.parse(short.bytes(short.scratch.path + "/runs/latest/claims.json")).json
    let verdicts = (claims["claims"]?.array ?? []).map { ($0["id"]?.string ?? "", $0["verdict"]?.string ?? "") }
    return (
      Dictionary(uniqueKeysWithValues: metrics), Dictionary(uniqueKeysWithValues: verdicts),
      try PNG.decode(short.bytes(run.samples + "/ecll.png")).image
    )
  }

  @Test(
    "a weight ends at its maximum of log p(x), or off it",
    arguments: [("maximumLikelihood", 1.733), ("start", 1.111618), ("current", 1.733), ("prior", 0), ("normal", 0)])
  func weight(_ posterior: String, _ theta: Double) throws {
    let it = try Self.run(["model.posterior=\(posterior)"])
    #expect(abs((it.metrics["theta"] ?? .nan) - theta) < 1e-6)
    #expect(abs((it.metrics["maximumLikelihood"] ?? .nan) - 1.733) < 1e-6)
    #expect(it.claims.count == 9 && it.claims.values.allSatisfy { $0 == "holds" }, "\(it.claims)")
    #expect(it.picture.width > it.picture.height)
  }

  @Test("a bias ends at its maximum of log p(x) with a q that is no posterior, unless its mean is wrong")
  func bias() throws {
    let bias = [
      "model={\"name\": \"fixed-q\", \"learn\": \"bias\", \"posterior\": \"normal\"}", "data.weights=[1]",
      "data.bias=[0.7]",
    ]
    let it = try Self.run(bias)
    #expect(abs((it.metrics["theta"] ?? .nan) - 0.7) < 1e-6 && (it.metrics["kl"] ?? 0) > 0.4)
    #expect((it.metrics["entropy"] ?? 1) > 0)
    #expect(it.claims.count == 9 && it.claims.values.allSatisfy { $0 == "holds" }, "\(it.claims)")
    let off = try Self.run(bias + ["model.posteriorMean=0.3", "model.posteriorVariance=0.01"])
    #expect(abs((off.metrics["theta"] ?? .nan) - 0.4) < 1e-6 && (off.metrics["entropy"] ?? 1) < 0)
    #expect(off.claims.count == 9 && off.claims.values.allSatisfy { $0 == "holds" }, "\(off.claims)")
  }
}
