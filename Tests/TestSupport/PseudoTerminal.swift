import Foundation
import Glibc

/// A terminal of a given width that a program writes to, and what it wrote.
enum PseudoTerminal {
  /// Runs a process with its output on a terminal, and what it has to say of errors and progress if asked for.
  ///
  /// - Returns: what it wrote, line ends as a terminal has them made into "\n", and its exit code.
  static func run(_ process: Process, columns: Int, withErrors: Bool) throws -> (output: String, exitCode: Int32) {
    var (master, slave): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 40, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&master, &slave, nil, nil, &size) == 0 else { throw POSIXError(.ENOTTY) }
    process.standardOutput = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.standardError =
      withErrors ? FileHandle(fileDescriptor: slave, closeOnDealloc: false) : FileHandle.nullDevice
    try process.run()
    close(slave)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    // A terminal whose other end is closed answers with an error.
    while true {
      let count = read(master, &chunk, chunk.count)
      if count <= 0 { break }
      bytes += chunk[..<count]
    }
    close(master)
    process.waitUntilExit()
    return (
      String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n"), process.terminationStatus
    )
  }
}
