import Foundation
import MinimKernels
import TestSupport
import Testing

/// TensorBoard itself reads what Minim writes. `./test --all` installs it and says where it is.
@Suite struct TensorBoardReadsTests {
  @Test(
    "its readers give back every number bit for bit and every picture",
    .enabled(if: Python.isThere, "needs TensorBoard, which ./test --all installs"))
  func bits() throws {
    let run = try TensorBoardRun()
    #expect(try run.train(["--tensorboard"]).exitCode == 0)
    #expect(try run.minim(["export", "latest", "--tensorboard", "--output", "boards"]).exitCode == 0)
    let name = try run.name()
    try Self.expectEverything(of: run, in: "boards", name)
    try Self.expectEverything(of: run, in: "runs/" + name, "tensorboard")
  }

  @Test(
    "readers that look on while a run is stopped and resumed have everything once",
    .enabled(if: Python.isThere, "needs TensorBoard, which ./test --all installs"))
  func growth() throws {
    let run = try TensorBoardRun()
    let process = try Program("train").start(
      ["--config", "siamese.json", "--quiet", "--tensorboard", "training.steps=3000", "intervals.samples=300"],
      in: run.scratch.path)
    while process.isRunning, ((try? run.metrics().count) ?? 0) < 50 { usleep(2000) }
    // A kill, after which some steps are taken again.
    process.signal(SIGKILL)
    #expect(process.wait().exitCode == 128 + SIGKILL)
    try Self.expectEverything(
      of: run, in: "runs/" + (try run.name()), "tensorboard",
      after: [Program("train").path, "resume", "latest", "--quiet", "--tensorboard"])
    #expect(try run.metrics().contains { $0.step == 3000 })
  }

  /// Compares what the readers say of a folder with the files of the newest run.
  private static func expectEverything(
    of run: TensorBoardRun, in folder: String, _ name: String, after command: [String] = []
  ) throws {
    let script = fixture("tensorboard/read_events.py").path
    let result = try Program(Python.path).run(
      [script, run.scratch.path + "/" + folder] + command, in: run.scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    let expected = try lines(of: run)
    let lines = result.output.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
      .filter { $0.count == 6 }
    #expect(lines.allSatisfy { $0[2] == name })
    func told(_ reader: String, _ kinds: [String]) -> [String] {
      lines.filter { $0[0] == reader && kinds.contains($0[1]) }.map {
        [$0[1], $0[3], $0[4], $0[5]].joined(separator: " ")
      }
      .sorted()
    }
    #expect(told("accumulator", ["double"]) == expected.doubles)
    #expect(told("accumulator", ["float"]) == expected.floats)
    #expect(told("accumulator", ["picture"]) == expected.pictures)
    #expect(told("pages", ["float", "picture"]) == expected.floats + expected.pictures)
    // The data server is not made for every machine.
    let served = told("server", ["float", "picture"])
    #expect(served == expected.floats + expected.pictures || served.isEmpty)
    #if arch(x86_64)
      #expect(!served.isEmpty)
    #endif
  }

  /// What must be read of the newest run.
  private static func lines(of run: TensorBoardRun) throws -> (
    doubles: [String], floats: [String], pictures: [String]
  ) {
    let metrics = try run.metrics()
    func bits(_ value: Double) -> String {
      let digits = String(value.bitPattern, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    let pictures = try run.pictures().map { picture in
      var hash = SHA256()
      hash.update(picture.png)
      return "picture \(picture.tag) \(picture.step) \(hash.hexDigest)"
    }
    return (
      metrics.map { "double \($0.tag)/float64 \($0.step) \(bits($0.value))" }.sorted(),
      metrics.map { "float \($0.tag) \($0.step) \(bits(Double(Float($0.value))))" }.sorted(), pictures.sorted()
    )
  }
}
