import MinimFiles
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// The loop without a recorder: what a process that does not write sees of it.
@Suite struct TrainingLoopTests {
  private static func loop(_ overrides: [String] = []) throws -> TrainingLoop {
    try TrainingLoop(SmallRun.experiment(overrides), workers: 1, level: .preferred)
  }

  @Test("a loop alone ends with the parameters of the recorded run, and touches no file") func alone() throws {
    let folder = try TemporaryFolder()
    let recorded = try SmallRun.trained(in: SmallRun.directory(folder))
    let loop = try Self.loop()
    guard case .done = try loop.run() else { throw SmallRun.NotDone() }
    #expect(loop.step == 60 && loop.trained.parameters.values == recorded)
  }

  @Test("events come in order: each step once, checkpoints after their steps, the last step marked") func events()
    throws
  {
    var steps: [Int] = [], checkpoints: [Int] = [], last: [Int] = []
    let loop = try Self.loop()
    _ = try loop.run(stopSignal: { nil }) { event in
      switch event {
      case .step(let report):
        #expect(report.step == loop.step)
        steps.append(report.step)
        if report.isLast { last.append(report.step) }
      case .checkpoint: checkpoints.append(steps.last ?? 0)
      case .diagnostics: break
      }
    }
    #expect(steps == Array(1...60) && last == [60])
    #expect(checkpoints == [20, 40, 60])
  }

  @Test("a request to stop during a step ends the loop after it, with a checkpoint") func stop() throws {
    let loop = try Self.loop()
    var checkpoints = 0
    let ending = try loop.run(stopSignal: { loop.step + 1 == 7 ? 15 : nil }) { event in
      if case .checkpoint = event { checkpoints += 1 }
    }
    guard case .stopped(signal: 15) = ending else { throw SmallRun.NotDone() }
    #expect(loop.step == 7 && checkpoints == 1)
    // Nothing is lost: the same loop goes on to the same end.
    guard case .done = try loop.run() else { throw SmallRun.NotDone() }
    let whole = try Self.loop()
    _ = try whole.run()
    #expect(loop.trained.parameters.values == whole.trained.parameters.values)
  }

  @Test("a request to stop while claims are checked leaves the run stopped, with its status") func stoppedLate() throws
  {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    var options = SmallRun.options()
    var signal: Int32?
    options.stopSignal = { signal }
    let run = try TrainingRun(SmallRun.experiment(), in: directory, options)
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    signal = 2
    guard case .stopped(signal: 2) = try run.conclude() else { throw SmallRun.NotDone() }
    let status = try RunStatus(of: directory)
    #expect(status.state == .stopped && status.exit == .stopped(by: 2))
  }
}
