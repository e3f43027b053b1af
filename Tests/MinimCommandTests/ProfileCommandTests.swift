import Foundation
import TestSupport
import Testing

@Suite struct ProfileCommandTests {
  @Test("a profile names every product of a step with its rate, and makes no run")
  func profile() throws {
    let small = try SmallRun()
    let result = try Program("minim", environment: ["COLUMNS": "200"]).run(
      ["profile", "small.json", "--workers", "2"], in: small.scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    // 7 examples in 3 shards: the largest has 3.
    #expect(result.output.hasPrefix("A shard of 3 examples, one thread: "))
    for part in ["convolution weight gradient", "convolution data gradient", "softplus", "GFLOP/s"] {
      #expect(result.output.contains(part), "\(part)")
    }
    #expect(result.output.contains("A step with 2 workers: ") && result.output.contains("efficiency"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: small.scratch.path) == ["small.json"])
  }
}
