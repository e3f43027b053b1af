import MinimAutodiff
import Testing

/// What the author of a model reads after a mistake: a program that ends with a message, and not one that crashes.
@Suite struct RequireTests {
  private static let x = Tensor.input("x", shape: [4, 2])
  private static let y = Tensor.input("y", shape: [3])

  /// A formula of a model, which the mistake is in.
  @inline(never)
  private static func score() -> Tensor { tanh(x) * y }

  @Test("shapes that do not fit end the program with code 70, the shapes, and the line that asked for them")
  func shapes() async throws {
    let line = #line - 4
    let result = try #require(
      await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
        _ = RequireTests.score()
      })
    let message = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(
      message.contains("A mistake in the code of a model: multiply: shapes [4, 2] and [3] do not broadcast\n"),
      "\(message)")
    #expect(!message.contains("Fatal error") && !message.contains("rax"))
    #if canImport(Runtime)
      #expect(message.contains("RequireTests.swift:\(line), in "), "\(message)")
    #endif
  }

  @Test("what holds is no mistake") func holds() {
    require(true, "\(Self.never())")
  }

  private static func never() -> String {
    Issue.record("the message of what holds is not made")
    return ""
  }
}
