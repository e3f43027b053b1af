import Foundation
import MinimFiles
import MinimKernels
import MinimTraining
import TestSupport
import Testing

/// A trained model outlives the file of its data.
@Suite struct SamplesWithoutDataTests {
  @Test("samples need no data: without the file they are the same", arguments: OwnData.configs.keys.sorted())
  func samplesWithoutData(_ name: String) throws {
    let scratch = try OwnData.folder()
    let result = try Program("train").run(["--config", "\(name).json", "--quiet"], in: scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    func sample(_ file: String) throws -> Program.Result {
      try Program("minim").run(["sample", "latest", "--count", "20", "--npy", file], in: scratch.path)
    }
    #expect(try sample("with.npy").exitCode == 0)
    for file in ["birds.csv", "stripes-idx3-ubyte", "table.npy"] {
      try FileManager.default.moveItem(atPath: scratch.path + "/" + file, toPath: scratch.path + "/away-" + file)
    }
    let without = try sample("without.npy")
    guard !name.hasSuffix("simsiam") else {
      // What SimSiam shows are examples.
      return #expect(without.exitCode == 66 && without.errors.contains("data.path=FILE"), "\(without.errors)")
    }
    #expect(without.exitCode == 0 && without.output.contains("are missing"), "\(without.errors)")
    let arrays = try ["with.npy", "without.npy"].map { try FileStore().read(scratch.path + "/" + $0) }
    #expect(arrays[0] == arrays[1] && arrays[0].count > 100)
    // All else needs them still.
    #expect(try Program("minim").run(["eval", "latest"], in: scratch.path).exitCode == 66)
  }

  @Test("a damaged description of missing data is named, and so is one of other data")
  func damagedDescription() throws {
    let scratch = try OwnData.folder()
    let trained = try Program("train").run(["--config", "birds-vae.json", "--quiet"], in: scratch.path)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    try FileManager.default.removeItem(atPath: scratch.path + "/birds.csv")
    let path = RunDirectory(path: scratch.path + "/runs/latest").data
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    let content = try #require(try JSONParser.parse(Array(whole.utf8)).json["data"])
    let hash = try #require(content["sha256"]?.string)
    var changed = content
    changed["sha256"] = .string("0" + hash.dropFirst())
    let other: JSON = ["data": changed, "checksum": .string(SHA256.hexDigest(of: changed.compact))]
    // Cut, of another scale, without a checksum; and whole, but of other data.
    for (text, words) in [
      (String(whole.dropLast(20)), "data.json"), (whole.replacing(#""scale":["#, with: #""scale":[1"#), "data.json"),
      (content.compact, "data.json"), (other.compact, hash),
    ] {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let result = try Program("minim").run(["sample", "latest"], in: scratch.path)
      #expect(result.exitCode == 65 && result.errors.contains(words), "\(result.errors)")
    }
  }
}
