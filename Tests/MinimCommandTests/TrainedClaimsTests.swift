import Foundation
import TestSupport
import Testing

/// Claims of whole runs of the shipped configs. A net that has been trained to its end is sharper than those of short tests.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] != nil, "takes a minute"))
struct TrainedClaimsTests {
  @Test("every claim of the mixture holds, whatever the seed", arguments: [0, 1, 2]) func mixture(_ seed: Int) throws {
    let scratch = try TemporaryFolder()
    let result = try Program("train", environment: ["MINIM_HOME": Project.home]).run(
      ["--config", "realnvp-mixture.json", "--quiet", "--runs", scratch.path, "seed=\(seed)"], in: scratch.path)
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    let holding = result.output.split(separator: "\n").last { $0.contains(" claims: ") }
    #expect(holding?.contains("FAIL") == false, "\(result.output)")
  }
}
