import MinimDrawing
import MinimFiles

/// The pictures of a run's page: the samples during training, the other pictures by name, as many as there is room for, and the films.
struct ReportPictures {
  private let directory: RunDirectory
  private let store: FileStore
  private var shown: [Markup] = []
  private var left: [String] = []
  private var notFilms: [String] = []
  private var films: [Markup] = []
  /// The bytes of pictures that there is still room for: a page has at most 1 MB, and pictures take a third more on it.
  private var room = 640_000

  /// The most bytes of pictures from during the training, and the most such pictures.
  private static let most = (bytes: 200_000, slides: 12)
  /// The most bytes of an SVG. One with more has thousands of points, which are smaller as pixels.
  private static let largestSVG = 250_000

  /// Reads a run's folder of samples.
  ///
  /// - Throws: `FileError` if a picture cannot be read.
  init(_ directory: RunDirectory, store: FileStore) throws(FileError) {
    (self.directory, self.store) = (directory, store)
    let all = store.isFolder(directory.samples) ? try store.list(directory.samples).sorted() : []
    let names = all.filter { $0.hasSuffix(".png") }
    let steps = names.filter(RunDirectory.isSample)
    let last = names.contains(RunDirectory.bestName) ? RunDirectory.bestName : steps.last
    try readFilms(all)
    if let last { try readSamples(last, steps.filter { $0 != last }) }
    for name in names where !steps.contains(name) && name != last {
      try readPicture(name, hasSVG: all.contains(Self.stem(name) + RunDirectory.figureSuffix))
    }
  }

  private static func stem(_ name: String) -> String { String(name.dropLast(4)) }

  /// The last samples, and some of those before, at about equal distances.
  private mutating func readSamples(_ last: String, _ earlier: [String]) throws(FileError) {
    guard let png = try picture(last) else { return }
    let fitting = min(Self.most.slides - 1, Self.most.bytes / max(1, png.count), earlier.count)
    var slides: [(png: [UInt8], words: String)] = []
    for index in 0..<fitting {
      let name = earlier[index * earlier.count / fitting]
      if let png = try picture(name) { slides.append((png, Self.words(name))) }
    }
    slides.append((png, Self.words(last)))
    shown.append(HTML.slides(slides, "Samples during training"))
  }

  /// What a picture of samples shows.
  private static func words(_ name: String) -> String {
    guard let step = RunDirectory.step(ofSample: name) else { return "samples of the kept parameters, \(name)" }
    return "samples of step \(step), \(name)"
  }

  /// Any other picture. Plots have more pixels than their place on the page, for sharp screens.
  private mutating func readPicture(_ name: String, hasSVG: Bool) throws(FileError) {
    let stem = Self.stem(name)
    guard hasSVG else {
      if let png = try picture(name) { shown.append(HTML.image(png: png, stem)) }
      return
    }
    if let svg = try store.readIfPresent(directory.figure(stem), limit: 1 << 26),
      svg.count <= min(Self.largestSVG, room),
      let width = HTML.width(ofSVG: svg)
    {
      room -= svg.count
      shown.append(HTML.plots(svg, isSVG: true, width: width, stem))
    } else if let png = try picture(name), let width = PNG.width(of: png) {
      shown.append(HTML.plots(png, isSVG: false, width: width / Int(Drawing.scale), stem))
    }
  }

  /// The bytes of a picture that there is room for.
  private mutating func picture(_ name: String) throws(FileError) -> [UInt8]? {
    // A file that is gone by now was no longer wanted.
    guard let png = try store.readIfPresent(Path.join(directory.samples, name), limit: 1 << 26) else { return nil }
    guard png.count <= room else {
      left.append(name)
      return nil
    }
    room -= png.count
    return png
  }

  /// The films, as far as they are numbers that a run writes.
  private mutating func readFilms(_ names: [String]) throws(FileError) {
    for name in names where name.hasSuffix(RunDirectory.filmSuffix) {
      let path = Path.join(directory.samples, name)
      guard let bytes = try store.readIfPresent(path, limit: 1 << 20) else { continue }
      guard let array = try? NPY.decode(bytes, file: path), let film = Film(values: array.values, shape: array.shape)
      else {
        notFilms.append(name)
        continue
      }
      let markup = film.markup(String(name.dropLast(RunDirectory.filmSuffix.count)))
      room -= markup.text.utf8.count * 3 / 4
      films.append(markup)
    }
  }

  /// The pictures with their captions.
  var markup: Markup {
    let pictures = shown + films
    var content: Markup =
      pictures.isEmpty ? .none : "<div class=\"pictures\">\n\(pictures.joined(separator: "\n"))\n</div>\n"
    for (words, names) in [("Too large for this page", left), ("Not a film", notFilms)] where !names.isEmpty {
      content += "<p class=\"soft\">\(words): \(names.joined(separator: ", ")).</p>"
    }
    return content
  }
}
