import MinimTraining
import Testing

/// Which members a machine trains.
@Suite struct SweepSliceTests {
  private static func slice(_ text: String, _ environment: [String: String] = [:]) throws -> SweepSlice {
    try SweepSlice(text) { environment[$0] }
  }

  @Test("slices share the members: each belongs to exactly one", arguments: [1, 2, 3, 7, 12, 50])
  func shares(_ count: Int) throws {
    let members = (0..<12).map(SweepGrid(axes: [], draws: 12).member)
    let slices = try (0..<count).map { try Self.slice("\($0)/\(count)") }
    for member in members { #expect(slices.count { $0.contains(member) } == 1, "\(member.number)") }
    let sizes = slices.map { slice in members.count { slice.contains($0) } }
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test("the numbers of schedulers, whatever an array begins with and leaves out") func schedulers() throws {
    let slurm = ["SLURM_ARRAY_TASK_ID": "30", "SLURM_ARRAY_TASK_MIN": "10", "SLURM_ARRAY_TASK_STEP": "10"]
    let counted = slurm.merging(["SLURM_ARRAY_TASK_COUNT": "4"]) { $1 }
    #expect(try Self.slice("auto", counted) == SweepSlice(index: 2, of: 4))
    #expect(try Self.slice("auto/8", counted) == SweepSlice(index: 2, of: 8))
    let plain = ["SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_COUNT": "1"]
    #expect(try Self.slice("auto", plain) == SweepSlice(index: 0, of: 1))
    let job = ["JOB_COMPLETION_INDEX": "3"]
    #expect(try Self.slice("auto/5", job) == SweepSlice(index: 3, of: 5))
    #expect(try Self.slice("auto", job.merging(["JOB_COMPLETIONS": "4"]) { $1 }) == SweepSlice(index: 3, of: 4))
  }

  @Test("what names no slice is a usage error that says what is expected") func wrong() {
    let job = ["JOB_COMPLETION_INDEX": "3"]
    for (text, environment, words) in [
      ("3/3", [:], "I from 0 to N-1"), ("-1/3", [:], "I/N"), ("0/0", [:], "I/N"), ("1", [:], "I/N"), ("", [:], "I/N"),
      ("1/2/3", [:], "I/N"), ("a/3", [:], "I/N"), ("1/", [:], "I/N"), ("auto", [:], "SLURM_ARRAY_TASK_ID"),
      ("auto/4", [:], "JOB_COMPLETION_INDEX"), ("auto", job, "Try: --slice auto/N"), ("auto/3", job, "task 3"),
    ] as [(String, [String: String], String)] {
      let error = #expect(throws: SweepError.self) { try Self.slice(text, environment) }
      #expect(
        error?.exit == .usage && error?.description.contains(words) == true, "\(text): \(String(describing: error))")
    }
  }
}
