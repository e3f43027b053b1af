import Foundation
import Glibc
import MinimFiles
import MinimNN
import MinimTraining
import Synchronization
import TestSupport
import Testing

/// The end of a run whose files cannot be read or written: its status says what the program's exit says, and what was found
/// is shown.
@Suite struct RunEndTests {
  /// Counts the calls since it was switched on, on one thread.
  private final class Switch: Sendable {
    private let calls = Mutex<Int?>(nil)

    func turnOn() { calls.withLock { $0 = 0 } }

    /// The number of this call; nil before it is switched on.
    func next() -> Int? {
      calls.withLock { calls in
        defer { calls = calls.map { $0 + 1 } }
        return calls
      }
    }

    var count: Int { calls.withLock { $0 ?? 0 } }
  }

  private struct Outcome {
    var error: (any Error)?
    var shown: [Claim] = []
    var status: RunStatus
    var page: String
    let calls: Int
    let directory: RunDirectory
  }

  /// Trains, and concludes under faults.
  private static func conclude(
    _ folder: TemporaryFolder, _ name: String,
    _ plan: @escaping @Sendable (_ call: Int, _ operation: FileOperation) -> FileFault?
  ) throws -> Outcome {
    let directory = try SmallRun.directory(folder, name)
    let counter = Switch()
    var options = SmallRun.options()
    options.store = FileStore(
      faults: FileFaults { _, operation in counter.next().flatMap { plan($0, operation) } })
    let experiment = try SmallRun.experiment(["training.steps=4", "model.channels=2"])
    let run = try TrainingRun(experiment, in: directory, options)
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    #expect(!FileStore().exists(directory.report))
    counter.turnOn()
    var (shown, failure): ([Claim], (any Error)?) = ([], nil)
    do { _ = try run.conclude { claims, _ in shown = claims } } catch { failure = error }
    let page = (try? String(contentsOfFile: directory.report, encoding: .utf8)) ?? ""
    return Outcome(
      error: failure, shown: shown, status: try RunStatus(of: directory), page: page, calls: counter.count,
      directory: directory)
  }

  @Test("one call that fails makes the run fail, and the status says so; what was found is shown all the same")
  func everyCall() throws {
    let folder = try TemporaryFolder()
    let whole = try Self.conclude(folder, "whole") { _, _ in nil }
    #expect(whole.error == nil && whole.status.state == .done && whole.status.exit == .success)
    #expect(whole.page.contains("done at step 4") && whole.page.contains("data:image/png"))
    #expect(whole.calls > 30)
    var failures = 0
    for failing in 0..<whole.calls {
      let code = [EIO, ENOSPC, EMFILE][failing % 3]
      let it = try Self.conclude(folder, "\(failing)") { call, _ in call == failing ? .error(code) : nil }
      #expect(it.shown == whole.shown && !it.shown.isEmpty, "\(failing)")
      if let error = it.error {
        failures += 1
        #expect(it.status.state == .failed && it.status.exit == ExitStatus(error), "\(failing)")
        // Folders are closed and checked without a page's leave: only these errors may be of another kind.
        #expect([ExitStatus.inputOutput, .cannotCreate].contains(ExitStatus(error)), "\(failing): \(error)")
      } else {
        #expect(it.status.state == .done && it.status.exit == .success, "\(failing)")
        #expect(it.page.contains("done at step 4") && it.page.contains("data:image/png"), "\(failing)")
      }
    }
    #expect(failures > 25)
  }

  @Test("a full disk ends the run with 74, after what was found was shown") func fullDisk() throws {
    let folder = try TemporaryFolder()
    let it = try Self.conclude(folder, "full") { _, operation in operation == .write ? .error(ENOSPC) : nil }
    #expect(it.error.map { ExitStatus($0) } == .inputOutput && !it.shown.isEmpty)
    // Not even a status could be written: that of training stays, and with no process it is "killed".
    #expect(it.status.state == .running && it.page.isEmpty)
    #expect(RunRecord(it.directory).state == .killed)
  }

  @Test("interruptions and short writes change nothing") func interruptions() throws {
    let folder = try TemporaryFolder()
    for kind in [FileFault.error(EINTR), .shortWrite] {
      let it = try Self.conclude(folder, "\(kind)".filter(\.isLetter)) { call, _ in call % 2 == 0 ? kind : nil }
      #expect(it.error == nil && it.status.state == .done && it.page.contains("done at step 4"))
    }
  }

  @Test("a run that cannot begin is not running for ever") func beginning() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let counter = Switch()
    var options = SmallRun.options()
    options.store = FileStore(faults: FileFaults { _, _ in counter.next() == 0 ? .error(ENOSPC) : nil })
    let run = try TrainingRun(SmallRun.experiment(), in: directory, options)
    counter.turnOn()
    #expect(throws: FileError.self) { try run.train() }
    let status = try RunStatus(of: directory)
    #expect(status.state == .failed && status.exit == .inputOutput)
  }
}
