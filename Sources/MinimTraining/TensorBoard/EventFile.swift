import Glibc
import MinimFiles

/// The event file of a run in a folder that TensorBoard looks into.
///
/// A reader goes through the files of a folder in the order of their names and never back, and through a file as it grows. So a
/// file only grows, and whoever comes later, a resumed training or another export, writes all that is in the run's folder
/// into a file of the next number, and empties the one before: no step is there twice, and what a kill has left is gone. It
/// is not removed at once, because a reader that has it open and finds it gone stays there for ever.
package final class EventFile {
  /// The file.
  package var path: String { file.path }
  private let file: AppendFile
  private let lock: RunLock
  private var events: RunEvents

  /// Writes what there is of a run.
  ///
  /// - Parameters:
  ///   - folder: made where it is missing; files in it that are not of Minim are left alone.
  ///   - step: nothing that is drawn of later ones is taken.
  /// - Throws: `RunLockedError` if somebody else writes there, `FileError`.
  package init(of run: RunDirectory, in folder: String, upTo step: Int = .max, store: FileStore = FileStore()) throws {
    events = RunEvents(run, store: store)
    // Before anything is made: a run without metrics has no events.
    let records = try (events.head + events.new(upTo: step)).flatMap(\.record)
    try store.makeFolders(folder)
    lock = try RunLock(RunDirectory(path: folder), store: store)
    let old = try store.list(folder).filter { Self.number($0) != nil }
    // Numbers begin with the second of the run's start. TensorBoard follows runs/latest like any folder, and would take the
    // file of a new run for that of the one before if they had one name.
    let path = Path.join(folder, Self.name(old.compactMap(Self.number).max().map { $0 + 1 } ?? Int(events.start)))
    // Under a name that no reader takes for an event file until it is whole.
    let unfinished = Path.join(folder, "unfinished")
    try store.writeAtomically(records, to: unfinished)
    try store.rename(unfinished, to: path)
    for name in old { try Self.retire(Path.join(folder, name), store) }
    file = try AppendFile(path, store: store)
  }

  /// Writes what is new.
  package func update(upTo step: Int) throws {
    file.append(try events.new(upTo: step).flatMap(\.record))
    try file.flush()
  }

  /// Empties a file; one that has been for so long that readers have gone on is removed.
  private static func retire(_ path: String, _ store: FileStore) throws(FileError) {
    let descriptor = try store.open(path, O_WRONLY)
    defer { _ = Glibc.close(descriptor) }
    if try store.size(of: descriptor, path) == 0 { return try store.remove(path) }
    try store.truncate(descriptor, to: 0, path)
  }

  /// Readers know an event file by "tfevents".
  private static let prefix = "events.out.tfevents.", suffix = ".minim"

  private static func name(_ number: Int) -> String { prefix + "\(number)".zeroPadded(to: 10) + suffix }

  private static func number(_ name: String) -> Int? {
    name.hasPrefix(prefix) && name.hasSuffix(suffix) ? Int(name.dropFirst(prefix.count).dropLast(suffix.count)) : nil
  }
}
