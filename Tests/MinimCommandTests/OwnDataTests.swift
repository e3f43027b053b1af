import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// A user's own data from `check` to samples, in the units of their file.
@Suite struct OwnDataTests {
  private static func samples(_ scratch: Scratch) throws -> NumericArray {
    let path = scratch.path + "/runs/latest/samples/final.npy"
    return try NPY.decode(FileStore().read(path), file: path)
  }

  private static func parameters(_ scratch: Scratch, step: Int = 40) throws -> [UInt8] {
    let path = RunDirectory(path: scratch.path + "/runs/latest").checkpoint(step: step)
    let tensors = try Safetensors(FileStore().read(path), file: path).tensors
    return tensors.filter { $0.name.hasPrefix("parameters/") }.flatMap(\.bytes)
  }

  @Test("from check to samples: the same bits for any number of workers", arguments: OwnData.configs.keys.sorted())
  func wholeWay(_ name: String) throws {
    let scratch = try OwnData.folder()
    let check = try Program("minim").run(["check", "\(name).json"], in: scratch.path)
    #expect(check.exitCode == 0, "\(check.errors)")
    var found: Set<[UInt8]> = []
    for workers in ["1", "3"] {
      let result = try Program("train").run(
        ["--config", "\(name).json", "--quiet", "--workers", workers], in: scratch.path)
      #expect(result.exitCode == 0, "\(result.errors)")
      found.insert(try Self.parameters(scratch))
    }
    #expect(found.count == 1)
    let samples = try Self.samples(scratch)
    #expect(samples.values.allSatisfy { $0.isFinite })
    if name.hasPrefix("images") {
      // In the units of the file, in which images reach more than 200; for nets white is 1.
      if name != "images-pixelcnn" { #expect((samples.values.max() ?? 0) > 20) }
      #expect(samples.shape == [50, 4, 4])
      #expect(
        samples.values.allSatisfy { name == "images-pixelcnn" ? (0...3).contains($0) : (-200...455).contains($0) })
    } else {
      // In the units of the file: the second column of the birds is of thousands, the last of the table near 9,500.
      let column = stride(from: samples.shape[1] - 1, to: samples.values.count, by: samples.shape[1])
      let mean = column.reduce(0) { $0 + samples.values[$1] } / Float(samples.shape[0])
      #expect(name.hasPrefix("birds") ? (10_000...110_000).contains(mean) : (9000...10_000).contains(mean), "\(mean)")
    }
  }

  @Test("values reach the model to the bit: samples of SimSiam are rows of the file")
  func roundTrip() throws {
    let scratch = try OwnData.folder()
    let result = try Program("train").run(["--config", "birds-simsiam.json"], in: scratch.path)
    #expect(result.exitCode == 0 && result.errors.hasPrefix("birds.csv, 2 columns; 400 rows: "), "\(result.errors)")
    let lines = try String(contentsOfFile: scratch.path + "/birds.csv", encoding: .utf8).split(separator: "\n")
    let rows = lines.dropFirst().map { line in line.split(separator: ",")[1...2].compactMap { Double($0) } }
    let samples = try Self.samples(scratch)
    #expect(samples.shape == [50, 2])
    for row in 0..<50 {
      let found = samples.values[2 * row..<2 * row + 2].map(Double.init)
      let isThere = rows.contains { zip($0, found).allSatisfy { abs($0 - $1) <= 1e-6 * abs($0) } }
      #expect(isThere, "\(found)")
    }
  }

  @Test("a run begins with what reading its pictures has changed")
  func notes() throws {
    let scratch = try OwnData.folder()
    let folder = scratch.path + "/pictures"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for index in 0..<40 {
      let pixels = (0..<12).map { UInt8(truncatingIfNeeded: (index + 1) * ($0 * 37 + 11)) }
      let png = try PNG.encode(Image(width: 2, height: 2, channels: 3, pixels: pixels))
      try Data(png).write(to: URL(fileURLWithPath: "\(folder)/\(index).png"))
    }
    let result = try Program("train").run(
      ["--config", "images-gan.json", "data.path=pictures", "data.size=null", "batch.examples=16"], in: scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.errors.hasPrefix("pictures 2x2, gray from 0 to ") && result.errors.contains("; 40 images: "))
    #expect(result.errors.contains("Note: 40 of 40 pictures had colors, which became gray"), "\(result.errors)")
  }

  @Test("log densities are those of the file's units: units of a thousandth cost log 1000 nats per column more")
  func units() throws {
    let scratch = try OwnData.folder()
    let lines = try String(contentsOfFile: scratch.path + "/birds.csv", encoding: .utf8).split(separator: "\n")
    let scaled = lines.dropFirst().map { line -> String in
      let fields = line.split(separator: ",")
      return "\((Double(fields[1]) ?? 0) * 1024),\((Double(fields[2]) ?? 0) * 1024)\n"
    }
    _ = try scratch.write(scaled.joined(), to: "scaled.csv")
    // All rows in every step: their order, which depends on their hashes, does not matter to the digits compared.
    func loss(_ data: String) throws -> Double {
      let config =
        #"{"model": {"name": "realnvp", "couplings": 2, "hidden": [8]}, "data": {"name": "vectors", \#(data), "#
        + #""standardize": true, "split": {"validation": 0, "test": 0}}, "batch": {"examples": 400}, "training": {"steps": 20}}"#
      _ = try scratch.write(config, to: "full.json")
      let result = try Program("train").run(["--config", "full.json", "--quiet"], in: scratch.path)
      #expect(result.exitCode == 0, "\(result.errors)")
      let rows = try String(contentsOfFile: scratch.path + "/runs/latest/metrics.jsonl", encoding: .utf8)
      let last = try #require(rows.split(separator: "\n").last)
      return try #require(try JSONParser.parse(Array(last.utf8)).json["nll"]?.number)
    }
    let difference = try loss(#""path": "scaled.csv""#) - loss(#""path": "birds.csv", "columns": [2, 3]"#)
    #expect(abs(difference - 2 * log(1024)) < 1e-3, "\(difference)")
  }

  @Test("eval reads other files by the columns and levels of the run's own, and samples as they are")
  func evaluated() throws {
    let scratch = try OwnData.folder()
    func evaluate(_ file: String) throws -> [Float] {
      let result = try Program("minim").run(
        ["eval", "latest", "--data", file, "--npy", "values.npy"], in: scratch.path)
      #expect(result.exitCode == 0 && result.output.contains("logProb"), "\(result.errors)")
      let path = scratch.path + "/values.npy"
      return try NPY.decode(FileStore().read(path), file: path).values
    }
    #expect(try Program("train").run(["--config", "birds-realnvp.json", "--quiet"], in: scratch.path).exitCode == 0)
    let rows = try String(contentsOfFile: scratch.path + "/birds.csv", encoding: .utf8).split(separator: "\n")
    let turned = rows.map { $0.split(separator: ",").reversed().joined(separator: ",") + "\n" }
    _ = try scratch.write(turned.joined(), to: "turned.csv")
    let own = try evaluate("birds.csv")
    let same = try evaluate("turned.csv")
    #expect(own.count == 400 && same == own)
    #expect(try Program("train").run(["--config", "images-pixelcnn.json", "--quiet"], in: scratch.path).exitCode == 0)
    #expect(try evaluate("stripes-idx3-ubyte").count == 300)
    let samples = scratch.path + "/runs/latest/samples/final.npy"
    #expect(try evaluate(samples).count == 50)
  }

  @Test(
    "a run on own data that is killed and resumed ends with the same bits",
    arguments: ["birds-realnvp", "images-pixelcnn"])
  func resumed(_ name: String) throws {
    let scratch = try OwnData.folder()
    let long = ["--config", "\(name).json", "--quiet", "training.steps=3000", "intervals.checkpoint=20"]
    #expect(try Program("train").run(long, in: scratch.path).exitCode == 0)
    let whole = try Self.parameters(scratch, step: 3000)
    try FileManager.default.removeItem(atPath: scratch.path + "/runs")
    let process = try Program("train").start(long, in: scratch.path)
    let metrics = scratch.path + "/runs/latest/metrics.jsonl"
    // The first line of metrics says that it trains.
    while process.isRunning, ((try? Data(contentsOf: URL(fileURLWithPath: metrics)).count) ?? 0) == 0 { usleep(1000) }
    process.signal(SIGKILL)
    #expect(process.wait().exitCode == 128 + SIGKILL)
    let resumed = try Program("train").run(["resume", "latest", "--quiet"], in: scratch.path)
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(try Self.parameters(scratch, step: 3000) == whole)
  }

  @Test("check shows what a run would learn from, and warns of likely mistakes")
  func check() throws {
    let scratch = try OwnData.folder()
    func output(_ config: String, _ overrides: [String] = []) throws -> String {
      let result = try Program("minim").run(
        ["check", "\(config).json"] + overrides.flatMap { ["--set", $0] }, in: scratch.path)
      #expect(result.exitCode == 0, "\(result.errors)")
      return result.output
    }
    let birds = try output("birds-realnvp")
    for words in [
      "rows          400: ", "duplicates    none", "classes       2: finch 200, heron 200", "height",
      "weight\n", "  height\n",
      "results are in the units of the file",
    ] { #expect(birds.contains(words), "\(words) in \(birds)") }
    #expect(!birds.contains("Note:"))
    let index = try output("birds-realnvp", ["data.columns=[1,2,3]", "data.standardize=false"])
    #expect(
      index.contains("Note: Column \"id\" counts the rows from 0") && index.contains("\"data.standardize\": true"))
    let images = try output("images-pixelcnn")
    #expect(images.contains("images      300: ") && images.contains("pixels      0 to 3, 4 levels"))
    let table = try output("table-vae")
    #expect(table.contains("The first rows of training:") && table.contains("20"))
  }

  @Test(
    "no value is converted silently: a model that needs other values says so",
    arguments: [
      ("birds-realnvp", ["model.name=pixelcnn"], "learns images, and the data are birds.csv"),
      (
        "images-pixelcnn", ["data.levels=null", "data.path=real.npy", "data.size=null"], "any numbers. Give them levels"
      ),
      ("images-vae", ["model.likelihood=bernoulli"], "levels. Take \"data.values\": \"binary\""),
      ("birds-simsiam", ["model.encoder=convolution"], "convolution is for images"),
    ])
  func refused(_ name: String, _ overrides: [String], _ words: String) throws {
    let scratch = try OwnData.folder()
    try Data(NPY.encode((0..<90).map { Float($0) / 90 }, shape: [10, 3, 3])).write(
      to: URL(fileURLWithPath: scratch.path + "/real.npy"))
    let result = try Program("minim").run(
      ["check", "\(name).json"] + overrides.flatMap { ["--set", $0] }, in: scratch.path)
    #expect(result.exitCode == 78 && result.errors.contains(words), "\(result.errors)")
  }
}
