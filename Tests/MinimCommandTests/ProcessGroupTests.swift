import TestSupport
import Testing

/// Several processes of MPI, as this program sees them: it was built without MPI.
@Suite struct ProcessGroupTests {
  @Test(
    "a program without MPI is not one of several processes, and says what to do",
    arguments: [
      (["train", "--config", "small.json"], "swift build -c release --traits MPI"),
      (["train", "resume", "latest"], "swift build -c release --traits MPI"),
      (["train", "sweep", "--config", "small.json", "seed=0..3"], "--slice"),
      (["minim", "eval", "latest"], "swift build -c release --traits MPI"),
      (["minim", "gap", "latest"], "swift build -c release --traits MPI"),
      (["minim", "sample", "latest"], "they share eval and gap"),
    ])
  func refused(_ words: [String], _ advice: String) throws {
    let small = try SmallRun()
    for name in ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"] {
      let result = try Program(words[0], environment: [name: "4"]).run(Array(words.dropFirst()), in: small.scratch.path)
      #expect(result.exitCode == 64 && result.errors.contains(advice), "\(result.errors)")
      #expect(result.errors.contains("4 processes"))
    }
  }

  /// One process is alone. So are those of Slurm, which need not belong together.
  @Test(arguments: [["OMPI_COMM_WORLD_SIZE": "1"], ["PMI_SIZE": "4", "SLURM_JOB_ID": "7"]])
  func alone(_ environment: [String: String]) throws {
    let small = try SmallRun()
    #expect(try small.train(["training.steps=2"], environment: environment).exitCode == 0)
  }
}
