import Foundation
import MinimConfiguration
import MinimFiles
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// Which parameters a run's metrics and samples are of: those of a step that somebody asks for, or the last ones where no loss on
/// what is held out can choose.
@Suite struct KeptParametersTests {
  @Test("a run gives the parameters of any checkpoint that is there, and says which there are")
  func chosenSteps() throws {
    let data = try HeldOutRun()
    let directory = try data.directory("a")
    let experiment = try data.experiment()
    let none = #expect(throws: FileError.self) { try experiment.keptParameters(in: directory) }
    #expect(none?.exit == .missingInput && none.map { "\($0)" }?.contains("there is no checkpoint yet") == true)
    let best = try data.train(in: directory)
    let first = try experiment.keptParameters(in: directory, step: 25)
    #expect(first.step == 25 && first.choice == .chosen)
    #expect(first.description == "Parameters of step 25, raw, not averaged")
    #expect(try first.parameters.byPath == directory.tensors(step: 25, prefix: "parameters/"))
    let again = try experiment.keptParameters(in: directory)
    #expect(again.step == best.step && again.parameters.values == best.parameters.values)
    for step in [24, -1, 0, Int.max] {
      let error = #expect(throws: FileError.self) { try experiment.keptParameters(in: directory, step: step) }
      #expect(error?.exit == .missingInput)
      let text = error.map { "\($0)" } ?? ""
      #expect(text.contains("there is no checkpoint at step \(step); there are ") && text.contains("25, "), "\(text)")
    }
    // The best one is counted on: it is named if it is gone.
    try FileManager.default.removeItem(atPath: directory.checkpoint(step: best.step))
    let gone = #expect(throws: FileError.self) { try experiment.keptParameters(in: directory) }
    #expect(gone?.exit == .missingInput && gone?.path == directory.checkpoint(step: best.step))
  }

  @Test("a run without validation keeps its last parameters")
  func withoutValidation() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let run = try TrainingRun(SmallRun.experiment(), in: directory, SmallRun.options())
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    try run.concluded()
    #expect(run.kept?.step == 60 && run.kept?.choice == .last)
    let evaluation = try directory.json(directory.evaluation)
    #expect(evaluation["choice"] == "last" && evaluation["weights"] == "raw" && evaluation["step"] == 60)
  }

  /// Rows are held out, but the objective draws for itself: no loss of theirs could choose a step.
  @Test("an objective without a loss of an example keeps the last parameters, whatever is held out")
  func withoutLosses() throws {
    func experiment(_ objective: String) throws -> Experiment {
      let text = """
        {
          "model": { "name": "realnvp", "objective": "\(objective)", "couplings": 2, "hidden": [4] },
          "data": { "name": "gaussianMixture", "rows": 40 },
          "batch": { "examples": 20 },
          "training": { "steps": 30 },
          "intervals": { "checkpoint": 3, "keepLast": 100 }
        }
        """
      return try Experiment(ConfigurationSource(texts: [("flow.json", text)]), models: SmallRun.models)
    }
    let reverse = try experiment("reverseKL")
    #expect(reverse.data.validation != nil && reverse.configuration.validation != nil && reverse.validation == nil)
    let folder = try TemporaryFolder()
    let run = try TrainingRun(reverse, in: SmallRun.directory(folder), SmallRun.options())
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    #expect(run.kept?.step == 30 && run.kept?.choice == .last)
    // The control: the same data with losses.
    #expect(try experiment("forwardKL").validation != nil)
  }
}
