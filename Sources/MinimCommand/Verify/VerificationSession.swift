import MinimSystem
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN
import MinimTraining

/// Takes the steps of a run again in each way, one process after the other, in a folder that is gone afterward.
struct VerificationSession {
  let directory: RunDirectory
  let experiment: Experiment
  let stretch: RunStretch
  let repetitions: [Repetition]

  /// Takes the steps, and compares what they come to.
  ///
  /// - Throws: `Stopped` if a signal asks to stop, and the errors of the run's files and of the repetitions.
  func run() throws -> Verification {
    let excerpt = try RunExcerpt(of: directory, experiment, after: stretch.start)
    let own = try TrainedState(
      directory.name, of: directory, stretch, experiment, hasCheckpoint: stretch.isSaved)
    // From here on something is to be removed, so a signal must not end the program at once.
    Interruption.listen()
    let scratch = try ScratchFolder("minim-verify")
    let result = Result {
      let activity = Activity()
      return try activity.shown(as: "verify") {
        try activity.counting(repetitions.count * stretch.count, "step") { steps in
          try repetitions.enumerated().map { number, repetition in
            try state(of: repetition, excerpt, scratch.file("\(number)"), steps)
          }
        }
      }
    }
    try scratch.remove()
    return Verification(directory.name, stretch, own: own, repetitions: try result.get())
  }

  private func state(
    of repetition: Repetition, _ excerpt: RunExcerpt, _ folder: String, _ steps: Activity.Counter
  ) throws -> TrainedState {
    try checkSignal()
    let copy = try excerpt.write(to: folder, changing: repetition.changes)
    if let step = repetition.kill { try kill(repetition, copy, after: step) }
    let child = try start(repetition, copy)
    while true {
      try checkSignal()
      guard child.waitForOutput() else { continue }
      let count = child.read(1 << 16)
      if count == 0 { break }
      steps.add(count)
    }
    try check(child.wait(), of: repetition, copy)
    return try TrainedState(repetition.name, of: copy, stretch, experiment, hasCheckpoint: true)
  }

  /// Starts a repetition and kills it in the step after one. Each step fills the pipe, and what the step leaves there is not
  /// read, so that the process cannot come to its end before.
  private func kill(_ repetition: Repetition, _ copy: RunDirectory, after step: Int) throws {
    let child = try start(repetition, copy, inStep: true)
    var bytes = (step - stretch.start) * Int(ChildProcess.page)
    while bytes > 0 {
      try checkSignal()
      guard child.waitForOutput() else { continue }
      let count = child.read(bytes)
      if count == 0 { break }
      bytes -= count
    }
    while !child.waitForOutput() { try checkSignal() }
    child.end()
    let ending = child.wait()
    if ending != .signal(SIGKILL) { try check(ending, of: repetition, copy) }
  }

  private func start(
    _ repetition: Repetition, _ copy: RunDirectory, inStep: Bool = false
  ) throws -> ChildProcess {
    var words = [RepeatCommand.word, copy.path, "--end", "\(stretch.end)", "--hashes"] + experiment.hashes
    if let workers = repetition.workers { words += ["--workers", "\(workers)"] }
    if inStep { words.append("--in-step") }
    return try ChildProcess(
      words, environment: [(KernelLevel.variable, repetition.level.description)],
      errors: copy.file("messages"), hasShortPipe: inStep)
  }

  // MARK: - What goes wrong

  private func checkSignal() throws {
    if let signal = Interruption.signal { throw Stopped(signal: signal) }
  }

  /// - Throws: what the process says, unless it ended well.
  private func check(_ ending: ChildProcess.Ending, of repetition: Repetition, _ copy: RunDirectory) throws {
    switch ending {
    case .exit(.success): return
    case .signal(let signal) where signal == SIGINT || signal == SIGTERM:
      // Control-C reaches both at once.
      throw Stopped(signal: signal)
    case .signal(let signal):
      throw CommandError("the repetition \"\(repetition.name)\" was ended by signal \(signal)", exit: .bug)
    case .exit(let status):
      let bytes = try FileStore().readIfPresent(copy.file("messages"), limit: 1 << 20) ?? []
      let message = String(decoding: bytes, as: UTF8.self)
      throw CommandError("the repetition \"\(repetition.name)\" failed: \(message)", exit: status)
    }
  }
}
