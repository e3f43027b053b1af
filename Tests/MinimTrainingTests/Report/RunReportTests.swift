import Foundation
import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// The page of a run: whole, of itself alone, and true.
@Suite struct RunReportTests {
  /// Whether every tag is closed in its order.
  private static func isWellFormed(_ page: String) -> Bool {
    let void: Set<String> = ["meta", "link", "img", "path", "rect", "circle", "input", "!doctype"]
    var open: [String] = []
    for part in page.split(separator: "<").dropFirst(page.hasPrefix("<") ? 0 : 1) {
      guard let end = part.firstIndex(of: ">") else { return false }
      let tag = part[..<end]
      let name = tag.prefix { $0 != " " && $0 != "\n" && $0 != "/" || tag.first == "/" && $0 == "/" }
      if name.first == "/" {
        guard open.popLast() == String(name.dropFirst()) else { return false }
      } else if !void.contains(name.lowercased()), tag.last != "/" {
        open.append(String(name))
      }
    }
    return open.isEmpty
  }

  @Test("the page of a trained run has its curves, claims, metrics, pictures and config, and asks for nothing")
  func page() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let run = try TrainingRun(SmallRun.experiment(), in: directory, SmallRun.options())
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    // While it trains a browser looks again by itself.
    let during = try String(contentsOfFile: directory.report, encoding: .utf8)
    #expect(during.contains("http-equiv=\"refresh\"") && during.contains("running at step 28"))
    let (claims, evaluation, _) = try run.concluded()
    let page = try String(contentsOfFile: directory.report, encoding: .utf8)
    #expect(Self.isWellFormed(page) && page.utf8.count < 1_000_000 && !page.contains("refresh"))
    for address in ["http://", "https://", "src=\"/", "url(", "@import"] { #expect(!page.contains(address)) }
    #expect(page.contains("done at step 60") && page.contains("<svg ") && page.contains("prefers-color-scheme"))
    #expect(claims.allSatisfy { page.contains("<article id=\"claim-\($0.id)\">") })
    // In the order in which people look, with what a user has chosen before all keys.
    let places = try ["Pictures", "Curves", "Claims", "Metrics", "Config", "Machine"].map {
      try #require(page.range(of: "<h2>\($0)</h2>")).lowerBound
    }
    #expect(places == places.sorted())
    let chosen = try #require(page.range(of: "differs from the defaults")),
      all = try #require(page.range(of: "Every key"))
    let between = page[chosen.upperBound..<all.lowerBound]
    #expect(between.contains(">seed<") && between.contains("warmUp") && !between.contains(">gemm<"))
    #expect(evaluation.metrics.allSatisfy { page.contains("<th scope=\"row\">\($0.name)</th>") })
    #expect(page.contains("optimizer.schedule.warmUp") && page.contains("file small.json:"))
    // The very bytes of the last samples, and of some before, which a slider shows.
    let png = [UInt8](try Data(contentsOf: URL(fileURLWithPath: directory.sample(step: 60))))
    #expect(page.contains(Data(png).base64EncodedString()))
    let slides = page.components(separatedBy: "alt=\"samples of step ").dropFirst().map { $0.prefix { $0 != "," } }
    #expect(slides.count > 1 && slides.last == "60" && slides == slides.sorted { Int($0) ?? 0 < Int($1) ?? 0 })
    #expect(page.contains("<input type=\"range\" min=\"0\" max=\"\(slides.count - 1)\""))
    // Plots of the pictures keep their words as words.
    let svg = [UInt8](try Data(contentsOf: URL(fileURLWithPath: directory.figure("receptive-field"))))
    #expect(page.contains("image/svg+xml;base64," + Data(svg).base64EncodedString()))
    // Each formula is typeset, and each claim is drawn.
    #expect(page.components(separatedBy: "<math ").count - 1 == claims.count { $0.theorem.formula != nil })
    #expect(page.components(separatedBy: "The measured value lies where the claim allows it").count > 2)
  }

  @Test("what moves plays on the page; what is no film is named and not shown") func films() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    try FileManager.default.createDirectory(atPath: directory.samples, withIntermediateDirectories: true)
    let film = Film([[(x: 0, y: 0), (x: 1, y: 1)], [(x: 1, y: 0), (x: -1, y: 2)]])
    try Data(NPY.encode(film.values, shape: film.shape)).write(to: URL(fileURLWithPath: directory.film("ways")))
    try Data("no array".utf8).write(to: URL(fileURLWithPath: directory.film("other <i>")))
    let page = try RunReport(directory).text
    #expect(Self.isWellFormed(page) && page.contains("id=\"film-ways\"") && page.contains("class=\"points frame-1\""))
    #expect(page.contains("Not a film: other &lt;i&gt;.film.npy") && !page.contains("<i>"))
  }

  @Test("a folder with nothing in it has a page too") func empty() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let page = try RunReport(directory).text
    #expect(Self.isWellFormed(page) && page.contains("unknown at step 0") && !page.contains("<section>"))
  }

  @Test("base 64 as Foundation has it, of every length", arguments: [0, 1, 2, 3, 4, 5, 100]) func base64(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 17) }
    #expect(HTML.base64(bytes) == Data(bytes).base64EncodedString())
  }

  @Test("curves as SVG: places, gaps, names and colors") func svg() throws {
    let plot = Plot(
      "a < b & \"c\"", xLabel: "step", yLabel: "y", xRange: 0...10, yRange: 0...1,
      [
        .init(.line([(0, 0), (5, .nan), (10, 1), (0, 1)]), name: "one"), .init(.points([(5, 0.5)]), name: "two"),
        .init(.mark(x: 5)), .init(.level(y: 0.5)),
      ])
    let svg = plot.drawing.svg(title: plot.title).text, frame = plot.frame
    #expect(Self.isWellFormed(svg) && svg.contains("a &lt; b &amp; &quot;c&quot;"))
    func number(_ value: Double) -> String {
      let rounded = (value * 10).rounded() / 10
      return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
    let (left, right, top, bottom) = (
      number(frame.left), number(frame.right), number(frame.top), number(frame.bottom)
    )
    #expect(svg.contains("d=\"M\(right) \(top)L\(left) \(top)\"") && svg.contains("stroke=\"#0072b2\""))
    let middle = number((frame.left + frame.right) / 2), level = number((frame.top + frame.bottom) / 2)
    #expect(svg.contains("M\(middle) \(level)h0") && svg.contains("M\(middle) \(bottom)L\(middle) \(top)"))
    #expect(svg.contains("M\(left) \(level)L\(right) \(level)"))
    #expect(svg.contains(">one</text>") && svg.contains(">two</text>"))
    let field = Plot(
      "f", xLabel: "x", yLabel: "y", [.init(.field(.init([1, 2], named: "v", columns: 2, x: 0...1, y: 0...1)))])
    #expect(Self.isWellFormed(field.drawing.svg(title: "f").text))
  }
}
