import Foundation
import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimFiles
import MinimNN
import MinimParallel
import MinimTraining
import TestSupport
import Testing

/// What is held out for validation is looked at at its steps, and decides which parameters are kept and when a run ends.
@Suite struct ValidationTests {
  /// The mean loss of a data set with the parameters of a checkpoint: one plan of the whole set, in Double.
  private static func loss(_ data: Dataset?, _ experiment: Experiment, _ directory: RunDirectory, step: Int) throws
    -> Double
  {
    let data = try #require(data)
    let kept = try experiment.keptParameters(in: directory, step: step)
    let objective = experiment.model.objective(Batch(count: data.count, of: experiment.data))
    let values = try evaluate(
      [objective.value], parameters: kept.parameters.values, inputs: [Batch.inputName: data.values.map(Double.init)])
    return values[0][0]
  }

  @Test("the rows of evaluation have the losses on the whole of both parts, after their step")
  func rows() throws {
    let data = try HeldOutRun()
    let directory = try data.directory("a")
    let overrides = ["intervals.checkpoint=10", "training.steps=45"]
    _ = try data.train(overrides, in: directory)
    let rows = try directory.rows()
    #expect(rows.compactMap { $0["step"]?.integer } == [7, 10, 14, 20, 21, 28, 30, 35, 40, 42, 45])
    let keys = ["step", "epoch", "examples", "nll", "gradientNorm"]
    let experiment = try data.experiment(overrides)
    for row in rows {
      let step = try #require(row["step"]?.integer)
      let isEvaluation = step % 10 == 0 || step == 45
      #expect(row.object?.keys == (isEvaluation ? keys + ["trainingNLL", "validationNLL"] : keys))
      guard isEvaluation else { continue }
      for (name, part) in [("trainingNLL", experiment.data.rows), ("validationNLL", experiment.data.validation)] {
        let loss = try #require(row[name]?.number)
        #expect(try abs(loss - Self.loss(part, experiment, directory, step: step)) < 1e-5, "\(name) of \(step)")
        // The control: the parameters of ten steps before have another loss.
        if step == 40 { #expect(try abs(loss - Self.loss(part, experiment, directory, step: 30)) > 1e-3) }
      }
    }
  }

  @Test("the step with the lowest loss is kept, and its metrics and samples are those of its checkpoint")
  func best() throws {
    let data = try HeldOutRun()
    let directory = try data.directory("a")
    // Two checkpoints are kept, and the best is neither.
    let overrides = ["intervals.keepLast=2"]
    let kept = try data.train(overrides, in: directory)
    let lowest = try #require(try directory.validation().min { $0.loss < $1.loss })
    #expect(kept.step == lowest.step && kept.choice == .best && kept.averageDecay == nil)
    #expect((10...150).contains(kept.step), "it overfits, so that best and last are different steps")
    #expect(try directory.checkpointSteps() == [kept.step, 175, 200])
    #expect(try kept.parameters.byPath == directory.tensors(step: kept.step, prefix: "parameters/"))
    let words = "Parameters of step \(kept.step), the best on the validation examples, raw, not averaged"
    #expect(kept.description == words)

    let evaluation = try directory.json(directory.evaluation)
    #expect(evaluation.object?.keys == ["step", "choice", "weights", "metrics"])
    #expect(evaluation["step"]?.integer == kept.step)
    #expect(evaluation["choice"] == "best" && evaluation["weights"] == "raw")
    let metrics = try #require(evaluation["metrics"]?.array)
    let value = metrics.first { $0["name"] == "validationNLL" }?["value"]?.number
    #expect(abs((value ?? .nan) - lowest.loss) < 1e-5)

    let best = try PNG.decode(FileStore().read(directory.best))
    #expect(best.texts.contains { $0.key == "step" && $0.value == "\(kept.step)" })
    let last = try PNG.decode(FileStore().read(directory.sample(step: 200)))
    #expect(best.image != last.image && last.texts.contains { $0.key == "step" && $0.value == "200" })
    // The sheet again, from the checkpoint.
    let experiment = try data.experiment(overrides)
    let again = try experiment.model.samples(6, from: Self.trained(kept, experiment))
    let png = try again.png(step: kept.step, seed: 3, configHash: experiment.configHash)
    #expect(try png == FileStore().read(directory.best))
  }

  private static func trained(_ kept: KeptParameters, _ experiment: Experiment) -> Trained {
    Trained(
      parameters: kept.parameters, data: experiment.data, pool: WorkerPool(workers: 1), level: .preferred,
      seed: experiment.configuration.seed)
  }

  @Test("keep: last keeps the last step whatever its loss")
  func last() throws {
    let data = try HeldOutRun()
    let directory = try data.directory("a")
    let kept = try data.train(["validation.keep=last"], in: directory)
    #expect(kept.step == 200 && kept.choice == .last)
    #expect(kept.description == "Parameters of step 200, the last, raw, not averaged")
    #expect(
      directory.names(directory.samples) == [
        "curves.png", "curves.svg", "final.npy", "receptive-field.png", "receptive-field.svg", "step-00000100.png",
        "step-00000200.png",
      ])
    let evaluation = try directory.json(directory.evaluation)
    #expect(evaluation["choice"] == "last" && evaluation["step"] == 200)
    // The loss decides nothing else either: the run is the same.
    let other = try data.directory("b")
    _ = try data.train(in: other)
    #expect(other.metricsText == directory.metricsText)
  }

  @Test("patience ends a run, after a kill at the same step", arguments: [1, 4])
  func patience(_ patience: Int) throws {
    let data = try HeldOutRun()
    let overrides = ["validation.patience=\(patience)", "training.steps=1000", "intervals.checkpoint=15"]
    let whole = try data.directory("whole")
    let kept = try data.train(overrides, in: whole)
    let evaluations = try whole.validation()
    let end = try #require(evaluations.last?.step)
    // By the definition: the first step so far behind the best before it.
    var best = (step: 0, loss: Double.infinity)
    for evaluation in evaluations {
      if evaluation.loss < best.loss { best = evaluation }
      #expect((evaluation.step - best.step >= 10 * patience) == (evaluation.step == end))
    }
    #expect(kept.step == best.step && kept.choice == .best && end < 1000 && end == best.step + 10 * patience)
    #expect(try whole.checkpointSteps().last == end)
    #expect(FileManager.default.fileExists(atPath: whole.sample(step: end)))
    let steps = try whole.checkpointSteps()
    for cut in Set([0, 15, best.step, steps[steps.count - 2], end]).sorted() {
      let killed = RunDirectory(path: data.folder["killed-\(cut)"])
      try FileManager.default.copyItem(atPath: whole.path, toPath: killed.path)
      try killed.cut(after: cut)
      let again = try data.train(overrides, in: killed, workers: 3)
      #expect(again.step == kept.step && again.parameters.values == kept.parameters.values, "from \(cut)")
      #expect(killed.metricsText == whole.metricsText, "from \(cut)")
      #expect(try killed.checkpointSteps() == steps)
    }
  }

  @Test("patience lets a run that gets better go on to its last step")
  func improvement() throws {
    let data = try HeldOutRun()
    let directory = try data.directory("a")
    // A rate so small that every evaluation is better than the one before.
    let overrides = ["validation.patience=1", "optimizer.learningRate=1e-4", "training.steps=60"]
    let kept = try data.train(overrides, in: directory)
    let losses = try directory.validation().map(\.loss)
    #expect(losses == losses.sorted(by: >) && kept.step == 60 && kept.choice == .best)
    // The best is the last: its samples are there once.
    #expect(!FileManager.default.fileExists(atPath: directory.best))
  }

  @Test("other intervals and workers: the same parameters, the same best step, the same rows at common steps")
  func intervals() throws {
    let data = try HeldOutRun()
    let reference = try data.directory("reference")
    let kept = try data.train(in: reference)
    let rows = Set(reference.metricsText.split(separator: "\n"))
    for (index, intervals) in [
      ["intervals.log=1", "intervals.checkpoint=3", "intervals.samples=9"],
      ["intervals.log=1000", "intervals.checkpoint=1000", "intervals.samples=1000", "intervals.keepLast=1"],
      ["intervals.log=3", "intervals.checkpoint=10", "samples=2"],
    ].enumerated() {
      let directory = try data.directory("\(index)")
      let other = try data.train(intervals, in: directory, workers: index + 1)
      #expect(other.step == kept.step && other.parameters.values == kept.parameters.values)
      let last = try [reference, directory].map { try $0.tensors(step: 200, prefix: "parameters/") }
      #expect(last[0] == last[1])
      let lines = Set(directory.metricsText.split(separator: "\n"))
      func steps(_ rows: Set<Substring>) -> Set<Substring> { Set(rows.compactMap { $0.split(separator: ",").first }) }
      let common = steps(lines).intersection(steps(rows))
      #expect(lines.intersection(rows).count == common.count && common.count >= 20)
    }
  }

  @Test("a validation section where nothing is held out is refused with what to do")
  func nothingHeldOut() throws {
    let data = try HeldOutRun()
    for overrides in [["data.split.validation=0"], ["data.name=barsAndStripes", "validation.interval=5"]] {
      let error = #expect(throws: ConfigurationErrors.self) { try data.experiment(overrides) }
      #expect(error?.problems.map(\.path).last == "validation")
      #expect(error?.problems.last?.message.contains("these data have no validation examples") == true)
    }
    // One that was written in the file for other data is left out with their keys.
    let other = try data.experiment(["data.name=barsAndStripes"])
    #expect(other.validation == nil && other.resolved["validation"] == nil)
    #expect(
      other.notes == [
        "data.name=barsAndStripes replaces images: validation, data.path and data.split no longer apply"
      ])
  }

  // MARK: - Averages

  @Test("with a decay of the average it is the average that is evaluated, sampled and kept")
  func average() throws {
    let data = try HeldOutRun()
    let directory = try data.directory("a")
    let overrides = [
      "optimizer.averageDecay=0.9", "intervals.checkpoint=1", "training.steps=40", "validation.interval=5",
    ]
    let kept = try data.train(overrides, in: directory)
    #expect(kept.averageDecay == 0.9 && kept.description.hasSuffix(", averaged with decay 0.9"))
    #expect(try directory.json(directory.evaluation)["weights"] == "averaged")
    let saved = try directory.tensors(step: kept.step, prefix: "optimizer/average/")
    #expect(kept.parameters.byPath == saved)
    #expect(try saved != directory.tensors(step: kept.step, prefix: "parameters/"))

    // The definition: sum of 0.1 * 0.9^(t-i) p_i over the steps i, by the sum of these weights.
    let raw = try (1...kept.step).map { try directory.tensors(step: $0, prefix: "parameters/") }
    let weights = (1...kept.step).map { pow(0.9, Double(kept.step - $0)) }
    for (path, values) in saved {
      for (index, value) in values.enumerated() {
        let sum = zip(raw, weights).reduce(0.0) { $0 + Double($1.0[path]?[index] ?? .nan) * $1.1 }
        #expect(abs(sum / weights.reduce(0, +) - Double(value)) < 1e-5)
      }
    }
    // The rows and the last sheet are of the average too.
    let experiment = try data.experiment(overrides)
    for evaluation in try directory.validation() {
      let loss = try Self.loss(experiment.data.validation, experiment, directory, step: evaluation.step)
      #expect(abs(evaluation.loss - loss) < 1e-5)
    }
    let last = try experiment.keptParameters(in: directory, step: 40)
    let samples = try experiment.model.samples(6, from: Self.trained(last, experiment))
    let png = try samples.png(step: 40, seed: 3, configHash: experiment.configHash)
    #expect(try png == FileStore().read(directory.sample(step: 40)))
  }

  @Test("claims are of the parameters that are kept", arguments: ["0", "0.9"])
  func claims(_ decay: String) throws {
    let data = try HeldOutRun()
    let directory = try data.directory("a")
    let experiment = try data.experiment(["optimizer.averageDecay=\(decay)"])
    let run = try TrainingRun(experiment, in: directory, SmallRun.options())
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    let conclusion = try run.concluded()
    let measured = try #require(conclusion.claims.first { $0.id == "P7" }).json["measured"]?.number
    let kept = try #require(run.kept)
    #expect(kept.step < 200 && kept.averageDecay == (decay == "0" ? nil : 0.9))
    let metrics = conclusion.evaluation.metrics
    #expect(metrics.first { $0.name == "testNLL" }?.value == measured)
    let loss = try Self.loss(experiment.data.test, experiment, directory, step: kept.step)
    #expect(abs((measured ?? .nan) - loss) < 1e-5)
  }
}
