import Foundation
import MinimConfiguration
import MinimFiles
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// Whole runs of a game: what a config says of its dynamics, and that a resumed run is the uninterrupted one.
@Suite struct GameRunTests {
  private static let text = """
    {
      "name": "game",
      "model": { "name": "bilinear", "matrix": [1, 0.5, -0.3, 0.8], "critic": [1, -0.5], "generator": [0.3, 0.7] },
      "data": { "name": "none" },
      "optimizer": { "name": "sgd", "learningRate": 0.3 },
      "training": { "steps": 60 },
      "precision": "float64",
      "intervals": { "log": 1, "checkpoint": 20, "samples": 30, "keepLast": 10 },
      "samples": 4
    }
    """

  private static func experiment(_ overrides: [String], text: String = text) throws -> Experiment {
    try Experiment(ConfigurationSource(texts: [("c.json", text)], overrides: overrides), models: SmallRun.models)
  }

  private static let rules = [
    [#"dynamics.name=extragradient"#], ["optimizer.name=optimistic"],
    ["optimizer.name=optimistic", "dynamics.name=extragradient"],
    ["dynamics.name=alternating", #"dynamics.order=["generator","critic"]"#, "dynamics.criticSteps=2"],
    ["optimizer.momentum=-0.5", "dynamics.name=alternating"], ["dynamics.consensus=0.5"],
    ["optimizer.name=adam", "dynamics.name=alternating", "dynamics.criticSteps=2"],
    ["optimizer.name=adam", "dynamics.name=extragradient", "optimizer.averageDecay=0.9"],
  ]

  @Test("a run that goes on from a checkpoint ends like the uninterrupted one, to the bit", arguments: rules)
  func resume(_ overrides: [String]) throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    func train() throws -> ([Double], [Double], String) {
      let run = try TrainingRun(Self.experiment(overrides), in: directory, SmallRun.options())
      guard case .done = try run.train() else { throw SmallRun.NotDone() }
      let claims = try run.concluded().claims
      #expect(claims.allSatisfy { !$0.provesBug }, "\(claims.filter(\.provesBug))")
      let last = try Safetensors(contentsOf: directory.checkpoint(step: 60))
      return (run.trained.parameters.values, last.tensors.flatMap { $0.float64 ?? [] }, directory.metricsText)
    }
    let whole = try train()
    #expect(whole.1.count >= 4)
    for step in [40, 60] { try FileManager.default.removeItem(atPath: directory.checkpoint(step: step)) }
    let resumed = try train()
    #expect(resumed.0.map(\.bitPattern) == whole.0.map(\.bitPattern))
    #expect(resumed.1.map(\.bitPattern) == whole.1.map(\.bitPattern) && resumed.2 == whole.2)
  }

  private static func problems(_ overrides: [String], text: String = text) throws -> [String] {
    do {
      _ = try experiment(overrides, text: text)
      return []
    } catch let errors as ConfigurationErrors { return errors.problems.map { "\($0.path): \($0.message)" } }
  }

  @Test("dynamics that a model or its players cannot have are refused, and said why")
  func wrongDynamics() throws {
    func expect(_ overrides: [String], _ start: String, text: String = Self.text) throws {
      let found = try Self.problems(overrides, text: text)
      #expect(found.count == 1 && found.first?.hasPrefix(start) == true, "\(found)")
    }
    try expect(["dynamics.name=alternate"], "dynamics.name: expected one of")
    try expect(
      ["dynamics.name=alternating", #"dynamics.order=["critic"]"#],
      "dynamics.order: expected each of critic, generator once, got critic")
    try expect(
      ["dynamics.name=alternating", "dynamics.criticSteps=0"], "dynamics.criticSteps: expected an integer 1...1000")
    try expect(["dynamics.order=[]"], "dynamics.order: unknown key")
    try expect(["dynamics.consensus=-1"], "dynamics.consensus: expected a number")
    try expect(["optimizer.momentum=-1"], "optimizer.momentum: expected a number")
    try expect(["data.name=ising"], "model.name: a bilinear game sees no data")
    let one = SmallRun.text
    for name in ["alternating", "extragradient"] {
      try expect(["dynamics.name=\(name)"], "dynamics.name: expected simultaneous: others are for games", text: one)
    }
    try expect(["dynamics.consensus=1"], "dynamics.consensus: expected 0", text: one)
    #expect(try Self.problems(["dynamics.name=simultaneous"], text: one) == [])
    #expect(try Self.problems([]) == [])
  }
}
