/// A reason why a file or folder of a user's data cannot be read. Exit code 65.
///
/// A file that is missing, or that the system does not let us read, is a ``FileError`` instead.
package struct DataFileError: ReportedError, Equatable {
  /// The file or folder, and the part of it, if it has parts.
  package let file: String
  /// The reason: what was expected, what was found, and what to do.
  package let reason: String

  package init(file: String, reason: String) {
    self.file = file
    self.reason = reason
  }

  package var exit: ExitStatus { .badData }
  package var description: String { "\(file.visible): \(reason)" }

  /// Words from a file, for a message: cut short, and all of them visible.
  static func quoted(_ bytes: some Sequence<UInt8>, limit: Int = 40) -> String {
    let text = Array(bytes.prefix(limit + 1))
    let words = String(decoding: text.prefix(limit), as: UTF8.self).visible
    return "\"\(words)\(text.count > limit ? "..." : "")\""
  }
}
