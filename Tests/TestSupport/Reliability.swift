import Foundation
import Glibc

/// The counts of what tests have tried, by the rows of a table of what must be reliable.
public enum Reliability {
  /// Appends the line `row<TAB>what<TAB>count` to the file that `MINIM_RELIABILITY` names; does nothing without it. Tests in
  /// several processes may append at once: a line is one write.
  public static func record(_ row: Int, _ what: String, _ count: Int) {
    guard let path = ProcessInfo.processInfo.environment["MINIM_RELIABILITY"] else { return }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let line = Array("\(row)\t\(what)\t\(count)\n".utf8)
    _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }
}
