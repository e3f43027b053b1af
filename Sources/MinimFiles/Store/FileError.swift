import MinimSystem

/// A file operation that failed: the file, the operation, the reason, and the exit status of a program that ends
/// because of it.
package struct FileError: ReportedError, Equatable {
  /// The file or folder concerned.
  package private(set) var path: String
  /// The operation that failed.
  package let operation: FileOperation
  /// The system's error number; 0 if the system reported none.
  package let code: Int32
  /// The reason, in words.
  package let reason: String
  package let exit: ExitStatus

  /// Creates an error that the system reported.
  package init(_ operation: FileOperation, _ path: String, code: Int32) {
    self.path = path
    self.operation = operation
    self.code = code
    self.reason = String(cString: strerror(code))
    exit = Self.exit(operation, code)
  }

  /// Creates an error that this program found itself.
  package init(_ operation: FileOperation, _ path: String, reason: String, exit: ExitStatus) {
    self.path = path
    self.operation = operation
    self.code = 0
    self.reason = reason
    self.exit = exit
  }

  /// The same error with the file that a caller named instead of the temporary one.
  package func naming(_ path: String) -> FileError {
    var error = self
    error.path = path
    return error
  }

  package var description: String { "\(path.visible): cannot \(operation.rawValue): \(reason)" }

  /// A full disk or a failing device is an I/O error wherever it occurs; otherwise the operation decides.
  private static func exit(_ operation: FileOperation, _ code: Int32) -> ExitStatus {
    switch (operation, code) {
    case (_, ENOSPC), (_, EDQUOT), (_, EIO), (_, EFBIG): .inputOutput
    case (.open, ENOENT), (.open, ENOTDIR), (.list, ENOENT), (.list, ENOTDIR): .missingInput
    case (.create, _), (.makeFolder, _), (.link, _), (.rename, _): .cannotCreate
    default: .inputOutput
    }
  }
}

/// The system calls through which a run's files are made; each is a place where a test can inject a fault.
package enum FileOperation: String, Sendable, CaseIterable {
  case open
  case create
  case read
  case write
  case sync
  case close
  case rename
  case remove
  case truncate
  case link
  case lock
  case list
  case makeFolder = "make folder"
}
