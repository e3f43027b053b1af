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
    #expect(!result.output.contains("Estimated"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: small.scratch.path) == ["small.json"])
  }

  @Test("a step by several processes is estimated for a network") func ranks() throws {
    let small = try SmallRun(), program = try Program("minim", environment: ["COLUMNS": "200"])
    func profile(_ words: String...) throws -> Program.Result {
      try program.run(["profile", "small.json", "--workers", "1", "--ranks"] + words, in: small.scratch.path)
    }
    let slow = try profile("1,2,4", "--latency", "3ms", "--bandwidth", "1Gbit/s")
    let lines = slow.output.split(separator: "\n").suffix(4).map(String.init)
    #expect(lines[0] == "Estimated for processes with one thread each, messages of 3ms and 1Gbit/s:")
    #expect(
      lines[1].hasPrefix("  1 process: ")
        && lines[1].hasSuffix(" us, 1.00 times as fast as one, at most 3 of 3 shards each"))
    // Two rounds of messages alone take longer than 6 ms.
    for (line, most) in [(lines[2], 2), (lines[3], 1)] {
      #expect(line.contains(" times as fast as one, at most \(most) of 3 shards each"))
      let time = try #require(Double(line.split(separator: " ")[2]))
      #expect(time > 6000 && time < 1_000_000, "\(line)")
    }
    for wrong in [
      ["2,x"], ["0"], ["257"], ["2", "--latency", "3GB/s"], ["2", "--latency", "3"], ["2", "--bandwidth", "0GB/s"],
    ] {
      let result = try program.run(["profile", "small.json", "--ranks"] + wrong, in: small.scratch.path)
      #expect(result.exitCode == 64, "\(wrong)")
    }
  }
}
