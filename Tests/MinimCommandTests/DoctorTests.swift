import MinimConfiguration
import MinimFiles
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
}
