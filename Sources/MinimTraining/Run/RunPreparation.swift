import MinimFiles

/// What is done to a run's folder after it is locked and before its files are read. A kill at any moment must leave a folder
/// that can be resumed, or nothing that looks like a run.
package protocol RunPreparation: Sendable {
  /// Prepares the folder.
  ///
  /// - Throws: `FileError`.
  func prepare(_ directory: RunDirectory, store: FileStore) throws
}
