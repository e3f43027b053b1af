import Foundation
import Fuzzing
import TestSupport
import Testing

/// The fuzzers' targets without libFuzzer: every seed, and with them every file that was once a finding.
@Suite struct FuzzSeedsTests {
  private static let folder = Project.tests.appendingPathComponent("Fuzzing/Seeds")

  private static func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// A seed's name says what must become of it: `refused-...` is refused, all others are accepted.
  @Test(arguments: FuzzTarget.all.map(\.name))
  func readsEverySeed(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let folder = Self.folder.appendingPathComponent(name)
    var refused = 0
    let seeds = try Self.names(in: folder)
    for seed in seeds {
      let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(seed)))
      #expect(bytes.count < 4096, "\(seed) is too large to be changed often")
      let reason = try target.refusal(of: bytes)
      #expect((reason != nil) == seed.hasPrefix("refused"), "\(seed): \(reason ?? "accepted")")
      #expect(reason != "", "\(seed) is refused without a word")
      if reason != nil { refused += 1 }
    }
    #expect(refused > 0 && refused < seeds.count, "a target needs seeds of both kinds")
  }

  @Test func everyFolderOfSeedsHasATarget() throws {
    #expect(try Self.names(in: Self.folder) == FuzzTarget.all.map(\.name).sorted())
  }

  /// Configs that are in use are seeds too. Some are refused, since their models need what only loaded data have, such as a
  /// density.
  @Test func readsEveryConfigOfTheProject() throws {
    let target = try #require(FuzzTarget.all.first { $0.name == "config" })
    let configs = Project.folder.appendingPathComponent("configs")
    let names = try Self.names(in: configs).filter { $0.hasSuffix(".json") }
    var accepted = 0
    for name in names {
      let text = try String(contentsOf: configs.appendingPathComponent(name), encoding: .utf8)
      if try target.refusal(of: [UInt8](text.utf8)) == nil { accepted += 1 }
      let misspelled = text.replacing(#""model":"#, with: #""modle":"#)
      let reason = try target.refusal(of: [UInt8](misspelled.utf8))
      #expect(reason?.contains("Did you mean \"model\"?") == true, "\(name): \(reason ?? "accepted")")
    }
    #expect(accepted > names.count * 3 / 4)
  }
}
