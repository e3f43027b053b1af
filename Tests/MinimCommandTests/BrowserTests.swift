import Foundation
import MinimConfiguration
import MinimFiles
import TestSupport
import Testing

/// Pages in a real browser, a headless Chromium, where the long tests run and it is there.
@Suite(.enabled(if: Browser.isThere, "needs Chromium, which ./test --all installs")) struct BrowserTests {
  private static func page(_ scratch: Scratch, _ text: String, _ name: String) throws -> String {
    scratch.path + "/" + (try scratch.write(text, to: name))
  }

  @Test("the page of a run, in both themes: no error, no request, charts and samples are there") func run() throws {
    let scratch = try Scratch()
    let trained = try Program("train", environment: ["MINIM_HOME": Project.home]).run(
      ["--config", "pixelcnn.json", "--quiet"], in: scratch.path)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    let text = try String(contentsOfFile: scratch.path + "/runs/latest/report.html", encoding: .utf8)
    try Self.check(try Self.page(scratch, text, "report.html"), scratch, charts: 2, pictures: 1)
  }

  @Test("the pages of a sweep and of a comparison") func sweep() throws {
    let scratch = try Scratch()
    let swept = try Program("train", environment: ["MINIM_HOME": Project.home]).run(
      [
        "sweep", "--config", "gan.json", "seed=0..3", "optimizer.learningRate=0.05,0.1", "training.steps=50,100",
        "--quiet",
      ], in: scratch.path)
    #expect(swept.exitCode == 0, "\(swept.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/runs")
    let folder = scratch.path + "/runs/" + (try #require(names.first { $0.contains("-sweep-") }))
    // The curves and the heat map over two keys.
    try Self.check(folder + "/report.html", scratch, charts: 2, pictures: 0)
    let page = scratch.path + "/comparison.html"
    let compared = try Program("minim").run(
      ["compare", "state=done", "--runs", folder, "--group-by", "optimizer.learningRate", "--report", page],
      in: scratch.path)
    #expect(compared.exitCode == 0, "\(compared.errors)")
    try Self.check(page, scratch, charts: 3, pictures: 0)
  }

  @Test("what must not be in a page is seen: an error, a request, a picture that is none, a page too wide")
  func controls()
    throws
  {
    let scratch = try Scratch()
    let bad = try Self.page(
      scratch,
      """
      <!doctype html><html><body><img src="http://127.0.0.1:9/x.png"><img src="data:image/png;base64,AAAA">
      <div style="width: 3000px">wide</div><script>undefinedFunction()</script></body></html>
      """, "bad.html")
    let browser = try Browser(scratch)
    let visit = try browser.visit(bad)
    #expect(
      visit.console.contains { $0.contains("undefinedFunction") } && visit.requests == ["http://127.0.0.1:9/x.png"])
    let look = try browser.look(bad)
    #expect(look.pictures == [0, 0] && look.overflow > 1000)
  }

  private static func check(_ page: String, _ scratch: Scratch, charts: Int, pictures: Int) throws {
    let browser = try Browser(scratch)
    let visit = try browser.visit(page)
    #expect(visit.console.isEmpty && visit.requests.isEmpty, "\(visit.console) \(visit.requests)")
    #expect(visit.dom.components(separatedBy: "<svg ").count - 1 >= charts)
    for width in [500, 1200] {
      let look = try browser.look(page, width: width)
      #expect(look.pictures.count >= pictures && look.pictures.allSatisfy { $0 > 0 }, "\(look)")
      #expect(look.overflow <= 0, "at \(width) the page is wider than the window by \(look.overflow)")
    }
    // White on a dark ground, black on a bright one.
    let (light, dark) = (try browser.brightness(page, isDark: false), try browser.brightness(page, isDark: true))
    #expect(light > 180 && dark < 110, "\(light) \(dark)")
  }
}

/// A headless Chromium with a profile of its own.
private struct Browser {
  static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first(
    where: FileManager.default.isExecutableFile)
  static var isThere: Bool { path != nil && ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] != nil }

  private let scratch: Scratch

  init(_ scratch: Scratch) throws { self.scratch = scratch }

  /// What a page said, asked for and became.
  func visit(_ page: String) throws -> (dom: String, console: [String], requests: [String]) {
    let log = scratch.path + "/net.json"
    let result = try run(["--enable-logging=stderr", "--log-net-log=\(log)", "--dump-dom", "file://" + page])
    let console = result.errors.split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: log)))
    let events = try JSONParser.parse(bytes, limit: 1 << 26).json["events"]?.array ?? []
    // The browser has business of its own, which has no page for an origin.
    let requests = events.compactMap { event -> String? in
      guard let url = event["params"]?["url"]?.string, let origin = event["params"]?["initiator"]?.string,
        origin != "not an origin", !url.hasPrefix("file:"), !url.hasPrefix("data:")
      else { return nil }
      return url
    }
    return (result.output, console, requests)
  }

  /// The widths of a page's pictures as they were decoded, and by how much the page is wider than its window: by a script that
  /// a copy of it has.
  func look(_ page: String, width: Int = 1200) throws -> (pictures: [Int], overflow: Int) {
    let probe = """
      <script>addEventListener("load", () => { document.body.dataset.seen = [document.documentElement.scrollWidth -
        innerWidth].concat([...document.images].map(it => it.naturalWidth)).join(" ") })</script></body>
      """
    let text = try String(contentsOfFile: page, encoding: .utf8).replacingOccurrences(of: "</body>", with: probe)
    let copy = scratch.path + "/" + (try scratch.write(text, to: "copy.html"))
    let dom = try run(["--dump-dom", "--window-size=\(width),900", "file://" + copy]).output
    let seen = dom.components(separatedBy: "data-seen=\"").dropFirst().first?.prefix { $0 != "\"" }
    let numbers = try #require(seen).split(separator: " ").compactMap { Int($0) }
    return (Array(numbers.dropFirst()), try #require(numbers.first))
  }

  /// The mean gray of the top of a page, 0 to 255.
  func brightness(_ page: String, isDark: Bool) throws -> Double {
    let file = scratch.path + "/shot.png"
    _ = try run([
      "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", "--window-size=1200,500", "--screenshot=\(file)",
      "file://" + page,
    ])
    let image = try PNG.decode([UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))).image
    return image.pixels.reduce(0) { $0 + Double($1) } / Double(image.pixels.count)
  }

  private func run(_ arguments: [String]) throws -> Program.Result {
    let own = [
      "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--user-data-dir=\(scratch.path)/profile",
    ]
    let result = try Program(Self.path ?? "chromium").run(own + arguments, in: scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    return result
  }
}
