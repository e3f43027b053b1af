import MinimSystem
import MinimFiles

/// The event file of a run in a folder that TensorBoard looks into.
///
/// A reader goes through the files of a folder in the order of their names and never back, and through a file as it
/// grows. So a file only grows. A later writer, a resumed training or another export, writes all that is in the run's
/// folder into a file with the next number and empties the one before: no step is there twice, and what a kill has left
/// is gone. The old file is not removed at once, because a reader that has it open and finds it gone stays there
/// forever.
package final class EventFile {
  /// The file.
  package var path: String { file.path }
  private let file: AppendFile
  private let lock: RunLock
  private let events: RunEvents

  /// Writes the existing events of a run.
  ///
  /// - Parameters:
  ///   - folder: the folder to write to, made if it is missing; files in it that are not Minim's are left alone.
  ///   - step: the last step; pictures of later ones are left out.
  /// - Throws: `RunLockedError` if another process writes there, `FileError`.
  package init(of run: RunDirectory, in folder: String, upTo step: Int = .max, store: FileStore = FileStore()) throws {
    events = RunEvents(run, store: store)
    // Before anything is made: a run without metrics has no events.
    try events.check()
    try store.makeFolders(folder)
    lock = try RunLock(RunDirectory(path: folder), store: store)
    let old = try store.list(folder).filter { Self.number($0) != nil }
    // Until the file is complete it has a name that no reader takes for an event file.
    file = try AppendFile(Path.join(folder, "unfinished"), keeping: .empty, store: store)
    do {
      for event in events.head { file.append(event.record) }
      try update(upTo: step)
      // Numbers begin with the second of the run's start. TensorBoard follows runs/latest like any folder; if two runs'
      // files had the same name, it would take the new one for the old one.
      let number = old.compactMap(Self.number).max().map { $0 + 1 } ?? Int(events.start)
      try file.rename(to: Path.join(folder, Self.name(number)))
    } catch {
      try? store.remove(file.path)  // Best effort: the first error is the one to report.
      throw error
    }
    for name in old { try Self.retire(Path.join(folder, name), store) }
  }

  /// Writes new events.
  package func update(upTo step: Int) throws {
    try events.new(upTo: step) { event in
      file.append(event.record)
      if file.waiting > 1 << 20 { try file.flush() }
    }
    try file.flush()
  }

  /// Empties a file; one that has been empty long enough for readers to move on is removed.
  private static func retire(_ path: String, _ store: FileStore) throws(FileError) {
    let descriptor = try store.openRegular(path, O_WRONLY)
    defer { _ = MinimSystem.close(descriptor) }
    if try store.size(of: descriptor, path) == 0 { return try store.remove(path) }
    try store.truncate(descriptor, to: 0, path)
  }

  /// Readers recognize an event file by "tfevents".
  private static let prefix = "events.out.tfevents.", suffix = ".minim"

  private static func name(_ number: Int) -> String { prefix + "\(number)".zeroPadded(to: 10) + suffix }

  private static func number(_ name: String) -> Int? {
    name.hasPrefix(prefix) && name.hasSuffix(suffix) ? Int(name.dropFirst(prefix.count).dropLast(suffix.count)) : nil
  }
}
