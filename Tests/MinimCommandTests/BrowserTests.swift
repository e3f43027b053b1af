import Foundation
import MinimConfiguration
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
    // The samples with their slider, and a drawing for each claim.
    try Self.check(try Self.page(scratch, text, "report.html"), scratch, charts: 12, pictures: 3, moving: 1)
  }

  @Test("the pages of a sweep and of a comparison") func sweep() throws {
    let scratch = try Scratch()
    let swept = try Program("train", environment: ["MINIM_HOME": Project.home]).run(
      [
        "sweep", "--config", "gan.json", "seed=0..3", "optimizer.learningRate=0.05,0.1", "training.steps=50,100",
        "intervals.log=10",
        "--quiet",
      ], in: scratch.path)
    #expect(swept.exitCode == 0, "\(swept.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/runs")
    let folder = scratch.path + "/runs/" + (try #require(names.first { $0.contains("-sweep-") }))
    // The curves, the heat map over two keys, and a panel for each value; the table can be sorted.
    try Self.check(folder + "/report.html", scratch, charts: 4, pictures: 0, moving: 1)
    let page = scratch.path + "/comparison.html"
    let compared = try Program("minim").run(
      ["compare", "state=done", "--runs", folder, "--group-by", "optimizer.learningRate", "--report", page],
      in: scratch.path)
    #expect(compared.exitCode == 0, "\(compared.errors)")
    try Self.check(page, scratch, charts: 3, pictures: 0, moving: 1)
  }

  @Test("what must not be in a page is seen: an error, a request, what is broken, faint, unnamed or too wide")
  func controls() throws {
    let scratch = try Scratch()
    let bad = try Self.page(
      scratch,
      """
      <!doctype html><html><body><img src="http://127.0.0.1:9/x.png"><img src="data:image/png;base64,AAAA" alt="words">
      <div style="width: 3000px; color: #999">faint</div><svg role="img"></svg>
      <figure class="slides"><img alt="one"><img alt="two"><input type="range" max="1"><figcaption></figcaption></figure>
      <script>undefinedFunction()</script></body></html>
      """, "bad.html")
    let browser = try Browser(scratch)
    let visit = try browser.visit(bad)
    #expect(
      visit.console.contains { $0.contains("undefinedFunction") } && visit.requests == ["http://127.0.0.1:9/x.png"])
    let look = try browser.look(bad, width: 1200)
    #expect(look.pictures == [0, 0, 0, 0] && look.overflow > 1000 && look.unnamed == 2, "\(look)")
    #expect(look.contrast < 3 && look.faintest == "faint" && look.broken == 1 && look.working == 0, "\(look)")
  }

  private static func check(
    _ page: String, _ scratch: Scratch, charts: Int, pictures: Int, moving: Int
  ) throws {
    let browser = try Browser(scratch)
    let visit = try browser.visit(page)
    #expect(visit.console.isEmpty && visit.requests.isEmpty, "\(visit.console) \(visit.requests)")
    #expect(visit.dom.components(separatedBy: "<svg ").count - 1 >= charts)
    // A phone, a tablet and a laptop, by day and by night.
    for (width, isDark) in [(390, true), (390, false), (820, false), (1400, true)] {
      let look = try browser.look(page, width: width, isDark: isDark)
      #expect(look.pictures.count >= pictures && look.pictures.allSatisfy { $0 > 0 }, "\(look)")
      #expect(look.overflow <= 0, "at \(width) the page is wider than the window by \(look.overflow)")
      #expect(look.unnamed == 0 && look.contrast >= 4.5 && look.broken == 0 && look.working == moving, "\(look)")
    }
    // White on a dark ground, black on a bright one.
    let (light, dark) = (try browser.brightness(page, isDark: false), try browser.brightness(page, isDark: true))
    #expect(light > 180 && dark < 110, "\(light) \(dark)")
  }
}
