import MinimDrawing
import MinimFiles

/// The pictures of a run's page: the last samples, and the other pictures by name, as many as there is room for; then the films.
struct ReportPictures {
  private var shown: [(name: String, png: [UInt8], width: Int?)] = []
  private var left: [String] = []
  private var notFilms: [String] = []
  private var films: [Markup] = []
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
    try readFilms(all, directory, store)
    // Pictures take a third more on the page than in their files.
    var room = Self.room - films.reduce(0) { $0 + $1.text.utf8.count } * 3 / 4
    for name in (last.map { [$0] } ?? []) + names.filter({ !steps.contains($0) && $0 != last }) {
      // A file that is gone by now was no longer wanted.
      guard let png = try store.readIfPresent(Path.join(directory.samples, name), limit: 1 << 26) else { continue }
      if png.count > room {
        left.append(name)
        continue
      }
      room -= png.count
      // Plots have more pixels than their place on the page, for sharp screens.
      let isPlot = all.contains(String(name.dropLast(4)) + RunDirectory.figureSuffix)
      shown.append((name, png, isPlot ? PNG.width(of: png).map { $0 / Int(Drawing.scale) } : nil))
    }
  }

  /// The films, as far as they are numbers that a run writes.
  private mutating func readFilms(_ names: [String], _ directory: RunDirectory, _ store: FileStore) throws(FileError) {
    for name in names.sorted() where name.hasSuffix(RunDirectory.filmSuffix) {
      let path = Path.join(directory.samples, name)
      guard let bytes = try store.readIfPresent(path, limit: 1 << 20) else { continue }
      guard let array = try? NPY.decode(bytes, file: path), let film = Film(values: array.values, shape: array.shape)
      else {
        notFilms.append(name)
        continue
      }
      films.append(film.markup(String(name.dropLast(RunDirectory.filmSuffix.count))))
    }
  }

  /// The pictures with their captions.
  var markup: Markup {
    var content = Markup.none
    for (name, png, width) in shown {
      content +=
        HTML.image(png: png, name == last ? "samples, \(name)" : String(name.dropLast(4)), width: width) + "\n"
    }
    for film in films { content += film + "\n" }
    for (words, names) in [("Too large for this page", left), ("Not a film", notFilms)] where !names.isEmpty {
      content += "<p class=\"soft\">\(words): \(names.joined(separator: ", ")).</p>"
    }
    return content
  }
}
