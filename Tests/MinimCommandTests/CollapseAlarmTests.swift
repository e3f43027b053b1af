import TestSupport
import Testing

/// What a user sees of a collapse while a net trains.
@Suite struct CollapseAlarmTests {
  private static func errors(_ config: String) throws -> String {
    let scratch = try Scratch()
    let result = try Program("train", environment: ShortRun.home).run(
      ["--config", config, "training.steps=200", "optimizer.schedule.name=constant"], in: scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    return result.errors
  }

  @Test("without stop-gradient an alarm is told once, within two hundred steps") func collapse() throws {
    let errors = try Self.errors("simsiam-no-stopgrad.json")
    #expect(errors.components(separatedBy: "ALARM at step ").count == 2, "\(errors)")
    #expect(errors.contains("Collapse: projections vary along "))
  }

  @Test("with it there is none") func healthy() throws {
    #expect(try !Self.errors("simsiam.json").contains("ALARM"))
  }
}
