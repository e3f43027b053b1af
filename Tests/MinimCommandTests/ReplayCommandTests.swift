import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// `minim replay`: what it says about a step is what plain loops say.
@Suite struct ReplayCommandTests {
  private static func json(_ result: Program.Result) throws -> JSON { try JSONParser.parse(result.output).json }

  private static func integers(_ json: JSON?) throws -> [Int] { try #require(json?.array).compactMap(\.integer) }

  private static func floats(_ file: Safetensors, _ path: String) throws -> [Float] {
    try #require(file["parameters/" + path]?.float32)
  }

  @Test(
    "a healthy step: the loss of the metrics, the largest updates by the checkpoints around it, the norms of gradients")
  func healthy() throws {
    let verified = try VerifiedRun("pixelcnn", ["intervals.checkpoint=1", "intervals.keepLast=60", "intervals.log=1"])
    let before = try verified.files()
    let result = try verified.minim(["replay", "latest", "--step", "42", "--json"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let json = try Self.json(result)
    #expect(json["step"] == 42 && json["diverged"] == false && json["from"] == 31)
    let rows = try String(contentsOfFile: verified.run.metrics, encoding: .utf8).split(separator: "\n").map {
      try JSONParser.parse(String($0)).json
    }
    let row = try #require(rows.first { $0["step"] == 42 })
    #expect(json["loss"] == row["nll"] && json["gradientNorm"] == row["gradientNorm"])
    #expect(json["metrics"]?["rows"] == 11 && json["metrics"]?["hasStep"] == true && json["metrics"]?["agrees"] == true)
    #expect(json["before"]?.array?.compactMap { $0["step"]?.integer } == Array(32...41))
    let (old, new) = (try verified.checkpoint(41), try verified.checkpoint(42))
    let parameters = try #require(json["parameters"]?.array)
    #expect(!parameters.isEmpty)
    var square = 0.0
    for parameter in parameters {
      let path = try #require(parameter["path"]?.string)
      let (a, b) = (try Self.floats(old, path), try Self.floats(new, path))
      let changes = zip(a, b).map { Double($1) - Double($0) }
      let largest = try #require(changes.map(abs).max())
      let shape = try Self.integers(parameter["shape"])
      let position = try Self.integers(parameter["position"])
      #expect(parameter["update"]?.number == changes[flat(position, shape)])
      #expect(abs(changes[flat(position, shape)]) == largest, "\(path)")
      let norm = try #require(parameter["gradientNorm"]?.number)
      square += norm * norm
    }
    let norm = try #require(json["gradientNorm"]?.number)
    #expect(abs(square.squareRoot() / norm - 1) < 1e-6)
    let table = try verified.minim(["replay", "latest", "--step", "42"])
    #expect(table.output.contains("with the bits of the run: 11 rows of metrics.jsonl agree, this step's among them."))
    #expect(try verified.files() == before)
    // The control: a row that is not what the step gives.
    let text = try String(contentsOfFile: verified.run.metrics, encoding: .utf8)
    let number = try #require(row["nll"]?.number)
    try text.replacingOccurrences(of: "\(number)", with: "\(number.nextUp)").write(
      toFile: verified.run.metrics, atomically: true, encoding: .utf8)
    let changed = try verified.minim(["replay", "latest", "--step", "42"])
    #expect(changed.exitCode == 65 && changed.output.contains("NOT the bits of the run"), "\(changed.output)")
  }

  /// d^T M g with M = diag(1, 1000), whose players grow by a factor of about 10^9 per step.
  private static let game = """
    {"name": "game", "model": {"name": "bilinear", "matrix": [1, 0, 0, 1000], "critic": [1, 1], "generator": [0.5, 0.5]},
     "data": {"name": "none"}, "batch": {"examples": 1, "shards": 1},
     "optimizer": {"name": "sgd", "learningRate": 1000000},
     "training": {"steps": 50}, "samples": 1, "intervals": {"log": 1, "checkpoint": 1}}
    """

  @Test("a diverged game: step, operation, element and what went in, by the same steps in plain loops") func diverged()
    throws
  {
    let verified = try VerifiedRun(Self.game, exit: 3)
    // d + h M g and g - h M^T d, in Float as the run.
    let m: [Float] = [1, 1000]
    var d: [Float] = [1, 1], g: [Float] = [0.5, 0.5]
    var step = 1
    func products() -> [Float] { (0..<2).map { d[$0] * (m[$0] * g[$0]) } }
    while products().allSatisfy(\.isFinite) {
      let (old, rate) = (d, Float(1e6))
      for i in 0..<2 { d[i] += rate * (m[i] * g[i]) }
      for i in 0..<2 { g[i] -= rate * (m[i] * old[i]) }
      step += 1
    }
    let bad = try #require(products().firstIndex { !$0.isFinite })
    let result = try verified.minim(["replay", "latest", "--json"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let json = try Self.json(result)
    #expect(json["step"]?.integer == step && json["diverged"] == true && json["cause"] == "gradient")
    let value = try #require(json["value"])
    #expect(value["operation"]?.string?.hasPrefix("multiply [2]") == true, "\(value)")
    #expect(
      value["position"] == .array([.integer(bad)]) && value["value"] == (products()[bad] > 0 ? "Infinity" : "-Infinity")
    )
    #expect(value["parameters"] == ["critic"])
    let inputs = try #require(value["inputs"]?.array)
    let largest = [d.map(abs).max(), (0..<2).map { abs(m[$0] * g[$0]) }.max()].map { Double($0 ?? 0) }
    #expect(inputs.compactMap { $0["name"]?.string } == ["parameter critic [2]", "matmul A^T B [2, 1]"])
    for (input, expected) in zip(inputs, largest) {
      let found = try #require(input["largest"]?.number)
      #expect(abs(found / expected - 1) < 1e-5, "\(input)")
    }
    #expect(json["before"]?.array?.count == step - 1 && json["metrics"]?["rows"]?.integer == step - 1)
    #expect(json["learningRate"] == 1_000_000 || json["learningRate"]?.number == 1e6)
    #expect(
      json["advice"]?.array?.contains { $0.string?.contains("optimizer.learningRate, such as 100000") == true } == true)
    let text = try verified.minim(["replay", "latest"])
    #expect(text.exitCode == 0 && text.output.contains("diverged in step \(step): loss"), "\(text.output)")
    #if canImport(Runtime)
      // The compiler may have copied the formula to where it is used.
      let source = try #require(value["source"]?.string)
      #expect(source.contains("/Sources/MinimModels/Bilinear/Bilinear"), "\(source)")
    #endif
  }

  @Test("an update that leaves the range of numbers: the parameter and the element") func update() throws {
    let verified = try VerifiedRun(
      "pixelcnn", ["optimizer.learningRate=1", "optimizer.schedule.name=constant", "training.clipNorm=1"])
    let file = try verified.checkpoint(40)
    let tensor = try #require(file.tensors.first { $0.name.hasPrefix("optimizer/firstMoment/") })
    // An element of Adam's mean that the root of the other mean, now 0, does not keep in bounds.
    let place = 3
    func plant(_ value: Float, in name: String) throws {
      let planted = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      try verified.change(40, name) { $0.replaceSubrange(4 * place..<4 * place + 4, with: planted) }
    }
    try plant(3e38, in: tensor.name)
    try plant(0, in: tensor.name.replacingOccurrences(of: "firstMoment", with: "secondMoment"))
    let result = try verified.minim(["replay", "latest", "--step", "52", "--json"])
    let json = try Self.json(result)
    #expect(
      json["diverged"] == true && json["cause"] == "update" && json["step"] == 41, "\(result.output) \(result.errors)")
    #expect(
      json["value"]?["parameters"] == .array([.string(String(tensor.name.dropFirst("optimizer/firstMoment/".count)))]))
    let position = try Self.integers(json["value"]?["position"])
    #expect(flat(position, tensor.shape) == place)
  }

  @Test("wrong words: the exit code says which kind") func wrongWords() throws {
    let verified = try VerifiedRun("gan")
    for (words, code, part) in [
      (["latest"], 64, "did not diverge"), (["latest", "--step", "61"], 64, "expected 1 to 60"),
      (["latest", "--step", "0"], 64, "expected 1 to 60"), (["nowhere"], 66, "nowhere"),
    ] as [([String], Int32, String)] {
      let result = try verified.minim(["replay"] + words)
      #expect(result.exitCode == code && result.errors.contains(part), "\(words): \(result.exitCode) \(result.errors)")
    }
  }
}
