import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// Runs whose kept parameters are not finite, which training never writes, or so large that what follows from them is not.
@Suite struct NonFiniteParametersTests {
  private static let config = """
    {
      "name": "gap",
      "model": { "name": "vae", "latent": 1, "encoder": [4], "decoder": [4], "standardDeviation": 0.3 },
      "data": { "name": "tanhGaussian", "rows": 20 },
      "batch": { "examples": 20 },
      "training": { "steps": 4 }
    }
    """
  /// Commands that read the parameters, and the files that they write in the run's folder or elsewhere.
  private static let commands = [
    ["sample", "latest", "--output", "new.png"], ["eval", "latest"], ["gap", "latest", "--rows", "3"],
  ]

  /// A finished run, and the checkpoint that it keeps.
  private static func trained() throws -> (scratch: Scratch, checkpoint: String) {
    let scratch = try Scratch()
    _ = try scratch.write(config, to: "gap.json")
    let result = try Program("train").run(["--config", "gap.json", "--quiet"], in: scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    return (scratch, RunDirectory(path: scratch.path + "/runs/latest").checkpoint(step: 4))
  }

  /// Puts a number in the place of the first number of the first parameter; the checksum agrees with it.
  private static func put(_ value: Float, in checkpoint: String) throws -> String {
    var file = try Safetensors(contentsOf: checkpoint, requiringChecksum: true)
    let index = try #require(file.tensors.firstIndex { $0.name.hasPrefix("parameters/") })
    var values = try #require(file.tensors[index].float32)
    values[0] = value
    file.tensors[index] = .init(name: file.tensors[index].name, shape: file.tensors[index].shape, values)
    try file.write(to: checkpoint)
    return file.tensors[index].name
  }

  @Test("a parameter that is not finite is refused with its file and name, and nothing is written")
  func refused() throws {
    let (scratch, checkpoint) = try Self.trained()
    for value in [Float.nan, .infinity, -.infinity] {
      let name = try Self.put(value, in: checkpoint)
      let before = try FileManager.default.subpathsOfDirectory(atPath: scratch.path).sorted()
      for command in Self.commands {
        let result = try Program("minim").run(command, in: scratch.path)
        #expect(result.exitCode == 65 && result.output.isEmpty, "\(value) \(command): \(result)")
        #expect(result.errors.contains("step-00000004.safetensors: "), "\(result.errors)")
        #expect(result.errors.contains("\"\(name)\" has values that are not finite"), "\(result.errors)")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: scratch.path).sorted() == before, "\(command)")
      }
    }
    // The control: a finite number in the same place is used.
    _ = try Self.put(0.25, in: checkpoint)
    for command in Self.commands {
      let result = try Program("minim").run(command, in: scratch.path)
      #expect(result.exitCode == 0, "\(command): \(result)")
    }
  }

  @Test("a parameter that is as large as a number can be ends no program by a signal") func large() throws {
    let (scratch, checkpoint) = try Self.trained()
    _ = try Self.put(.greatestFiniteMagnitude, in: checkpoint)
    for command in Self.commands {
      let result = try Program("minim").run(command, in: scratch.path)
      #expect([0, 65].contains(result.exitCode), "\(command): \(result)")
    }
  }
}
