import Foundation

/// A twin of a workload in another system: a Python process that trains when it is told to (`peers/README.md`).
final class PeerProcess: Contestant {
  let name: ContestantName
  /// Its losses before each step on the batch of the start file.
  private(set) var losses: [Double] = []
  private let process = Process()
  private let input = Pipe(), output = Pipe()
  private var unread = Data()

  private struct Losses: Decodable { let losses: [Double] }
  private struct Ready: Decodable { let ready: Bool }
  private struct Timing: Decodable { let seconds: Double }

  /// Starts the twin; returns once it has compiled and warmed up.
  init(_ name: ContestantName, _ workload: String, start: URL, python: String, folder: URL) throws {
    self.name = name
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [
      folder.appendingPathComponent("peer.py").path, "--system", name.system, "--form", name.form,
      "--workload", workload, "--threads", "\(name.threads)", "--start", start.path,
    ]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    losses = try Self.decode(Losses.self, nextLine(), name).losses
    _ = try Self.decode(Ready.self, nextLine(), name)
  }

  deinit { try? input.fileHandleForWriting.close() }

  func time(steps: Int) throws -> Double {
    try input.fileHandleForWriting.write(contentsOf: Data("\(steps)\n".utf8))
    return try Self.decode(Timing.self, nextLine(), name).seconds
  }

  private func nextLine() throws -> Data {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread = Data(unread[(end + 1)...]) }
        return Data(unread[..<end])
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw BenchmarkError(description: "\(name): it ended; what it said is above") }
      unread += more
    }
  }

  private static func decode<T: Decodable>(_ type: T.Type, _ line: Data, _ name: ContestantName) throws -> T {
    do { return try JSONDecoder().decode(type, from: line) } catch {
      throw BenchmarkError(description: "\(name): unexpected answer: \(String(decoding: line, as: UTF8.self))")
    }
  }
}
