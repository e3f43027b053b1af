import Glibc

/// What a test has shown for a row of the table of reliability.
public enum Reliability {
  /// Adds a count to a row, in the file that the environment variable MINIM_RELIABILITY names; without it nothing happens.
  ///
  /// - Parameters:
  ///   - row: the number of the row.
  ///   - what: what is counted, in the plural.
  ///   - count: how many were shown.
  public static func record(_ row: Int, _ what: String, _ count: Int) {
    guard let path = getenv("MINIM_RELIABILITY") else { return }
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let line = "\(row)\t\(what)\t\(count)\n"
    // Whole lines, also from tests that run at the same time: one call each.
    _ = line.utf8CString.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count - 1) }
  }
}
