import Foundation
import MinimConfiguration
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// What the program says of the machine and of its own keys.
@Suite struct DoctorTests {
  private static func minim(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Program.Result {
    let scratch = try Scratch()
    return try Program("minim", environment: ShortRun.home.merging(environment) { $1 }).run(arguments, in: scratch.path)
  }

  @Test("doctor tests every level of kernels and times the threads") func doctor() throws {
    let result = try Self.minim(["doctor"])
    #expect(result.exitCode == 0, "\(result)")
    for text in ["kernels", "threads", "OpenBLAS", "self-test, baseline", "largest relative error", "fork and join"] {
      #expect(result.output.contains(text), "\(text)")
    }
    let forced = try Self.minim(["doctor"], ["MINIM_KERNELS": "baseline"])
    #expect(forced.exitCode == 0 && forced.output.contains("MINIM_KERNELS forces baseline"))
  }

  @Test("explain knows a key of any config, a whole section, and the nearest to a mistyped one") func explain() throws {
    let rate = try Self.minim(["explain", "optimizer.learningRate"])
    #expect(
      rate.exitCode == 0 && rate.output.contains("optimizer.learningRate: number > 0 and <= 1000000; default 0.001"),
      "\(rate)")
    let section = try Self.minim(["explain", "model.augmentation", "--config", "simsiam.json"])
    #expect(section.output.contains("model.augmentation.cutOut: integer 0...8; default 2"), "\(section)")
    let wrong = try Self.minim(["explain", "optimizer.learningRat"])
    #expect(wrong.exitCode == 64 && wrong.errors.contains("Did you mean \"optimizer.learningRate\"?"))
    let log = try Self.minim(["explain", "intervals.log"])
    #expect(log.output.contains("does not affect results"))
    for word in ["learningRate", "lerningRate"] {
      #expect(try Self.minim(["explain", word]).errors.contains("Did you mean \"optimizer.learningRate\"?"), "\(word)")
    }
    let nothing = try Self.minim(["explain", "zzzzzzzz"])
    #expect(nothing.exitCode == 64 && nothing.errors.contains("minim explain"))
    let unknown = try Self.minim(["explain", "model.couplings", "--config", "gan.json"])
    #expect(unknown.exitCode == 64 && unknown.errors.contains("gan.json has no key"))
  }

  @Test("explain knows the keys of every data set, model and optimizer, and which of them have a key")
  func everyKey() throws {
    // No config of the project has this data set.
    let spirals = try Self.minim(["explain", "data.turns"])
    #expect(spirals.exitCode == 0 && spirals.output.contains("    with data.name spirals\n"), "\(spirals)")
    let momentum = try Self.minim(["explain", "optimizer.momentum"]).output
    #expect(momentum.contains("default 0.0\n") && momentum.contains("    with optimizer.name sgd\n"))
    #expect(momentum.contains("default 0.95\n") && momentum.contains("    with optimizer.name muon\n"))
    let sections = try Self.minim(["explain"])
    #expect(sections.exitCode == 0 && sections.output.contains("\noptimizer: object\n"))
    // Every key of every config of the project.
    func keys(_ text: String) -> [String] {
      text.split(separator: "\n").filter { !$0.hasPrefix(" ") && $0.contains(": ") }.map {
        String($0.prefix { $0 != ":" })
      }
    }
    let known = Set(try keys(sections.output).flatMap { keys(try Self.minim(["explain", $0]).output) })
    for config in ShortRun.configs {
      let own = try Self.minim(["explain", "--config", config]).output
      #expect(own.contains("optimizer: object"), "\(config)")
      let resolved = try Program("train", environment: ShortRun.home).run(
        ["--config", config, "--print-config"], in: Project.home)
      for setting in RunRecord.flattened(try JSONParser.parse(resolved.output).json)
      where !setting.key.hasPrefix("expect.") {
        #expect(known.contains(setting.key), "\(config): \(setting.key)")
      }
    }
  }

  @Test("the schema of a config has its keys, with their bounds") func schema() throws {
    let result = try Self.minim(["schema", "gan.json"])
    #expect(result.exitCode == 0, "\(result)")
    let json = try JSONParser.parse(result.output).json
    let rate = json["properties"]?["optimizer"]?["properties"]?["learningRate"]
    #expect(
      rate?["exclusiveMinimum"]?.number == 0 && rate?["maximum"]?.number == 1e6 && rate?["default"]?.number == 0.001)
    #expect(json["additionalProperties"] == false)
  }

  @Test("the schema of all configs has the keys of every one, and requires none") func wholeSchema() throws {
    let result = try Self.minim(["schema"])
    #expect(result.exitCode == 0, "\(result)")
    let json = try JSONParser.parse(result.output).json
    func properties(_ path: [String]) -> JSON? { path.reduce(json) { $0?["properties"]?[$1] } }
    for config in ShortRun.configs {
      let text = try String(contentsOfFile: Project.home + "/configs/" + config, encoding: .utf8)
      for setting in RunRecord.flattened(try JSONParser.parse(text).json)
      where !setting.key.hasPrefix("expect.") && setting.key != "$schema" {
        #expect(properties(setting.key.split(separator: ".").map(String.init)) != nil, "\(config): \(setting.key)")
      }
    }
    #expect(properties(["data", "turns"]) != nil && properties(["data", "nothing"]) == nil)
    #expect(json["required"] == nil && properties(["data"])?["required"] == nil)
    let wrong = try Self.minim(["schema", "--set", "seed=1"])
    #expect(wrong.exitCode == 64 && wrong.errors.contains("name one"))
  }
}
