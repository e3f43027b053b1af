import Foundation
import MinimFiles
import TestSupport
import Testing

/// `minim export RUN --numpy`.
@Suite struct NumPyExportTests {
  @Test("a file for the kept parameters or a chosen step, in the run's folder or elsewhere; other words are refused")
  func files() throws {
    let small = try SmallRun()
    try small.train()
    func export(_ arguments: [String]) throws -> Program.Result {
      try Program("minim").run(["export", "latest"] + arguments, in: small.scratch.path)
    }
    func text(_ path: String) throws -> String {
      try String(contentsOfFile: small.scratch.path + "/" + path, encoding: .utf8)
    }
    let kept = try export(["--numpy"])
    #expect(kept.exitCode == 0 && kept.output.contains("/model.py\n"), "\(kept)")
    #expect(try export(["--numpy", "--output", "own.py"]).exitCode == 0)
    #expect(try text("own.py") == text("runs/latest/model.py"))
    #expect(try export(["--numpy", "--step", "275"]).exitCode == 0)
    #expect(try text("runs/latest/model_step_275.py") != text("own.py"))
    #expect(try export(["--numpy", "--step", "276"]).exitCode == 66)
    for wrong in [["--numpy", "--csv"], ["--numpy", "--tensorboard"], ["--step", "25"], ["data.path=x"]] {
      #expect(try export(wrong).exitCode == 64, "\(wrong)")
    }
  }

  @Test("losses and samples are those of eval and sample", .enabled(if: NumPy.isThere, "needs Python with NumPy"))
  func values() throws {
    let small = try SmallRun()
    try small.train()
    let folder = small.scratch.path
    let minim = Program("minim")
    #expect(try minim.run(["export", "latest", "--numpy", "--output", "own.py"], in: folder).exitCode == 0)
    let sample = ["sample", "latest", "--count", "12", "--seed", "3", "--npy", "drawn.npy"]
    #expect(try minim.run(sample, in: folder).exitCode == 0)
    let evaluated = try minim.run(["eval", "latest", "--data", "drawn.npy", "--npy", "values.npy"], in: folder)
    #expect(evaluated.exitCode == 0, "\(evaluated)")
    let found = try NumPy.values(
      of: """
        import own
        model = own.Model()
        drawn = model.sample(12, seed=3)
        show("drawn", drawn)
        show("given", model.sample(2, given=[1, 0, 1, 1]).reshape(2, -1)[:, :4])
        show("log_prob", model.log_prob(drawn))

        """, in: folder)
    let drawn = try NumericArray.read(folder + "/drawn.npy"), values = try NumericArray.read(folder + "/values.npy")
    #expect(found["drawn"]?.values == drawn.values.map(Double.init))
    #expect(found["given"]?.values == [1, 0, 1, 1, 1, 0, 1, 1])
    #expect(relativeDifference(found["log_prob"]?.values ?? [], values.values.map(Double.init)) < 1e-6)
  }

  @Test(
    "the samples of every config are those of sample",
    .enabled(if: NumPy.isThere && LongTests.areWanted, "needs Python with NumPy, and the long tests"),
    arguments: ShortRun.configs)
  func everyConfig(_ config: String) throws {
    let short = try ShortRun(config)
    #expect(try short.train(in: "runs").exitCode == 0)
    let exported = try short.minim(["export", "latest", "--numpy", "--output", "own.py"])
    #expect(exported.exitCode == 0, "\(exported)")
    let found = try NumPy.values(
      of: """
        import own
        if hasattr(own.Model, "sample"):
            own.Model.seed = 3
            show("drawn", own.Model().sample(8))

        """, in: short.scratch.path)
    guard let own = found["drawn"] else { return }
    #expect(try short.minim(["sample", "latest", "--count", "8", "--seed", "3", "--npy", "drawn.npy"]).exitCode == 0)
    let drawn = try NumericArray.read(short.scratch.path + "/drawn.npy").values.map(Double.init)
    #expect(own.values.count == drawn.count && relativeDifference(own.values, drawn) < 1e-4)
  }
}
