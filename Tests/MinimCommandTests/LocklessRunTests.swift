import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// Runs on a file system whose locks do not count, as real processes: one writer, and the bits of a run that has a lock.
@Suite struct LocklessRunTests {
  private static let program = Program("train", environment: ["MINIM_LOCKS": "owner"])

  private static func words(_ more: [String] = []) -> [String] {
    ["--config", "tiny.json", "--into", "out", "--quiet"] + more
  }

  private static func bits(_ folder: TinyFolder) throws -> TinyFolder.Bits {
    try folder.bits(of: RunDirectory(path: folder.scratch.path + "/out"))
  }

  /// The long tests have all of them.
  private static let races = ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] != nil ? 1000 : 40

  @Test("two that start at the same time: one trains, and what it writes is what one alone would have written")
  func starts() throws {
    let alone = try TinyFolder(TinyRun.named("vae"), steps: 40)
    #expect(try Program("train").run(Self.words(), in: alone.scratch.path).exitCode == 0)
    let expected = try Self.bits(alone)
    let folder = try TinyFolder(TinyRun.named("vae"), steps: 40)
    for _ in 0..<Self.races {
      let both = try (0..<2).map { _ in try Self.program.start(Self.words(), in: folder.scratch.path) }.map {
        $0.wait()
      }
      // The other one says who trains the run, or comes so late that it finds it done.
      let trained = both.count { $0.output.contains("Look at:") }
      #expect(trained == 1 && both.allSatisfy { [0, 75].contains($0.exitCode) }, "\(both)")
      #expect(try Self.bits(folder) == expected)
      try FileManager.default.removeItem(atPath: folder.scratch.path + "/out")
    }
  }

  @Test("killed and repeated, it goes on at once on the same machine, to the same bits") func killed() throws {
    let (folder, whole) = (
      try TinyFolder(TinyRun.named("vae"), steps: 3000), try TinyFolder(TinyRun.named("vae"), steps: 3000)
    )
    let rare = ["intervals.samples=1000000", "intervals.diagnostics=1000000"]
    #expect(try Program("train").run(Self.words(rare), in: whole.scratch.path).exitCode == 0)
    for _ in 0..<8 {
      let process = try Self.program.start(Self.words(rare), in: folder.scratch.path)
      usleep(UInt32.random(in: 500...80_000))
      process.signal(SIGKILL)
      _ = process.wait()
    }
    let last = try Self.program.run(Self.words(rare), in: folder.scratch.path)
    #expect(last.exitCode == 0, "\(last.errors)")
    #expect(try Self.bits(folder) == Self.bits(whole))
  }

  @Test("a run on another host is listed as there, and neither started nor resumed; --steal takes it") func elsewhere()
    throws
  {
    let folder = try TinyFolder(TinyRun.named("vae"), steps: 100_000)
    let process = try Self.program.start(Self.words(), in: folder.scratch.path)
    let run = RunDirectory(path: folder.scratch.path + "/out")
    while process.isRunning, (try? FileStore().read(run.metrics))?.isEmpty ?? true { usleep(1000) }
    process.signal(SIGKILL)
    _ = process.wait()
    // The same run, as if the host of its last owner had the name of another one, and were alive.
    let owner = run.file("owner-000001")
    let text = try String(contentsOfFile: owner, encoding: .utf8)
    let parts = text.split(separator: "\"host\":\"", maxSplits: 1)
    try #require(parts.count == 2)
    try (parts[0] + "\"host\":\"far-" + parts[1]).write(toFile: owner, atomically: false, encoding: .utf8)
    for words in [Self.words(), ["resume", "out", "--quiet"]] {
      let result = try Program("train").run(words, in: folder.scratch.path)
      #expect(
        result.exitCode == 75 && result.errors.contains(" on far-") && result.errors.contains(" s ago"), "\(result)")
    }
    let list = try Program("minim").run(["list", "--runs", "."], in: folder.scratch.path)
    #expect(list.output.contains("running by process") && list.output.contains(" on far-"), "\(list)")
    let stolen = try Program("train").run(Self.words(["--steal", "--time-limit", "2s"]), in: folder.scratch.path)
    #expect([0, 124].contains(stolen.exitCode), "\(stolen)")
    #expect(FileManager.default.fileExists(atPath: run.file("owner-000002")))
  }

  @Test("a wrong word for the locks is refused") func wrong() throws {
    let folder = try TinyFolder(TinyRun.named("vae"))
    let result = try Program("train", environment: ["MINIM_LOCKS": "off"]).run(Self.words(), in: folder.scratch.path)
    #expect(result.exitCode == 64 && result.errors.contains("expected auto or owner, found off"), "\(result)")
  }
}
