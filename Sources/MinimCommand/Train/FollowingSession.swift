import MinimParallel
import MinimTraining

/// The part of a process that follows another: it trains and says nothing.
struct FollowingSession {
  let experiment: Experiment
  let options: TrainingOptions
  let group: any ShardGroup

  func run() throws {
    options.listen()
    do {
      let run = try FollowingRun(
        experiment, workers: options.workers, ConfigFiles.level(), group, starting: ProcessGroup.start)
      try run?.train()
    } catch is GroupDisagreement {
      // The first process says so.
    }
    ProcessGroup.leave()
  }
}
