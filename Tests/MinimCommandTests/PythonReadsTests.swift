import Foundation
import MinimFiles
import MinimKernels
import MinimTraining
import TestSupport
import Testing

/// Python with the packages that read what Minim writes. `./test --all` installs them and says where.
enum Python {
  static let path = (ProcessInfo.processInfo.environment["MINIM_READERS"] ?? "") + "/bin/python"
  static let isThere = FileManager.default.isExecutableFile(atPath: path)
}

/// What the README says of a run's files, by the packages that it names.
@Suite(.enabled(if: Python.isThere, "needs Python packages, which ./test --all installs")) struct PythonReadsTests {
  private static func run(_ scratch: Scratch) throws -> RunDirectory {
    let trained = try Program("train", environment: ["MINIM_HOME": Project.home]).run(
      ["--config", "pixelcnn.json", "--quiet", "training.steps=40", "intervals.log=10"], in: scratch.path)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    return RunDirectory(path: scratch.path + "/runs/latest")
  }

  @Test("the lines of the README: metrics and claims by pandas, samples by NumPy") func lines() throws {
    let scratch = try Scratch()
    let run = try Self.run(scratch)
    let block = ReadmeTests.blocks(try ReadmeTests.text("README.md"), "python").joined().joined(separator: "\n")
    let script =
      block + """

        print(len(metrics), metrics.nll.iloc[-1].hex(), metrics.step.iloc[-1])
        print(len(claims), claims.measured["P2"].hex(), claims.verdict["P1"])
        print(samples.shape, samples.min(), samples.max())
        """
    let result = try Program(Python.path).run(["-c", script], in: scratch.path)
    let metrics = try RunMetrics(run)
    let last = try #require(metrics.series("nll").last)
    let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(result.exitCode == 0 && lines.count == 3, "\(result)")
    #expect(lines[0][0] == "4" && Self.double(lines[0][1]) == last.y && lines[0][2] == "40")
    #expect(lines[1][0] == "6" && abs((Self.double(lines[1][1]) ?? 0) - 1) < 1e-9 && lines[1][2] == "holds")
    #expect(lines[2].joined(separator: " ") == "(64, 5, 5) 0.0 1.0")
  }

  @Test("a checkpoint by the safetensors package: every tensor, to the byte") func checkpoint() throws {
    let scratch = try Scratch()
    let path = try Self.run(scratch).checkpoint(step: 40)
    let script = """
      import hashlib, sys
      from safetensors import safe_open
      with safe_open(sys.argv[1], framework="np") as file:
          for name in file.keys():
              it = file.get_tensor(name)
              print(name, list(it.shape), hashlib.sha256(it.tobytes()).hexdigest(), sep="|")
      """
    let result = try Program(Python.path).run(["-c", script, path], in: scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    let own = try Safetensors(contentsOf: path).tensors.map { tensor in
      var hash = SHA256()
      hash.update(tensor.bytes)
      return "\(tensor.name)|\(tensor.shape)|\(hash.hexDigest)"
    }
    #expect(result.output.split(separator: "\n").map(String.init).sorted() == own.sorted() && own.count > 10)
  }

  /// Python's hexadecimal form is C's.
  private static func double(_ text: String) -> Double? { Double(text) }
}
