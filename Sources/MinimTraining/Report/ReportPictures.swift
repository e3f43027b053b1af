import MinimDrawing
import MinimFiles

/// The pictures of a run's page: the last samples, and the other pictures by name, as many as there is room for.
struct ReportPictures {
  private var shown: [(name: String, png: [UInt8])] = []
  private var left: [String] = []
  /// The name of the picture of the last samples.
  private let last: String?

  /// The most bytes of pictures that a page of 1 MB has room for.
  private static let room = 640_000

  /// Reads a run's folder of samples.
  ///
  /// - Throws: `FileError` if a picture cannot be read.
  init(_ directory: RunDirectory, store: FileStore) throws(FileError) {
    let all = store.isFolder(directory.samples) ? try store.list(directory.samples) : []
    let names = all.filter { $0.hasSuffix(".png") }.sorted()
    let steps = names.filter(RunDirectory.isSample)
    let last = names.contains(RunDirectory.bestName) ? RunDirectory.bestName : steps.last
    self.last = last
    var room = Self.room
    for name in (last.map { [$0] } ?? []) + names.filter({ !steps.contains($0) && $0 != last }) {
      // A file that is gone by now was no longer wanted.
      guard let png = try store.readIfPresent(Path.join(directory.samples, name), limit: 1 << 26) else { continue }
      if png.count > room {
        left.append(name)
        continue
      }
      room -= png.count
      shown.append((name, png))
    }
  }

  /// The pictures with their captions.
  var markup: Markup {
    var content = Markup.none
    for (name, png) in shown {
      content += HTML.image(png: png, name == last ? "samples, \(name)" : String(name.dropLast(4))) + "\n"
    }
    if !left.isEmpty {
      content += "<p class=\"soft\">Too large for this page: \(left.joined(separator: ", ")).</p>"
    }
    return content
  }
}
