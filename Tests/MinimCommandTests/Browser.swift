import Foundation
import MinimFiles
import TestSupport
import Testing

/// A headless Chromium with a profile of its own.
struct Browser {
  static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first(
    where: FileManager.default.isExecutableFile)
  static var isThere: Bool { path != nil && LongTests.areWanted }

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

  /// What can be seen of a page in a window of a width.
  struct Look {
    /// The widths of the pictures as they were decoded.
    let pictures: [Int]
    /// By how much the page is wider than its window.
    let overflow: Int
    /// The figures that have no name for those who cannot see them.
    let unnamed: Int
    /// The least contrast of a word with its ground (WCAG 2.2, "contrast ratio"), and the word.
    let contrast: Double
    let faintest: String
    /// The sliders and the tables that do not do what they are for.
    let broken: Int
    /// The sliders and the tables that do.
    let working: Int
  }

  /// Looks at a page through a window of any width: a browser's own has at least 500 pixels. The page stands in a frame, and what
  /// asks is outside: the page lets nothing in.
  func look(_ page: String, width: Int, isDark: Bool = false) throws -> Look {
    let text = try String(contentsOfFile: page, encoding: .utf8).replacing("&", with: "&amp;")
      .replacing("\"", with: "&quot;")
    let theme = isDark ? "dark" : "light"
    let name = try scratch.write(
      """
      <!doctype html><html style="color-scheme: \(theme)"><body>
      <iframe style="width: \(width)px; height: 900px; border: 0; color-scheme: \(theme)" srcdoc="\(text)"></iframe>
      <script>\(Self.probe)</script></body></html>
      """, to: "look.html")
    let dom = try run(
      [
        "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", "--window-size=1500,1000", "--dump-dom",
        "file://" + scratch.path + "/" + name,
      ]
    ).output
    let seen = try #require(dom.components(separatedBy: "SEEN").dropFirst().first)
    let json = try JSONParser.parse(
      seen.replacing("&amp;", with: "&").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
    )
    .json
    return Look(
      pictures: (json["pictures"]?.array ?? []).compactMap(\.integer),
      overflow: try #require(json["overflow"]?.integer),
      unnamed: try #require(json["unnamed"]?.integer), contrast: try #require(json["contrast"]?.number),
      faintest: json["faintest"]?.string ?? "", broken: try #require(json["broken"]?.integer),
      working: try #require(json["working"]?.integer))
  }

  private static let probe = """
    const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const numbers = color => (color.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const ground = (element, view) => {
      for (let it = element; it; it = it.parentElement) {
        const color = numbers(view.getComputedStyle(it).backgroundColor);
        if (color.length < 4 || color[3] > 0) return color;
      }
      return [255, 255, 255];
    };
    addEventListener("load", () => {
      const view = document.querySelector("iframe").contentWindow, page = view.document, root = page.documentElement;
      const seen = { overflow: root.scrollWidth - root.clientWidth, contrast: 99, faintest: "", broken: 0, working: 0 };
      seen.pictures = [...page.images].map(it => it.naturalWidth);
      const figures = [...page.images].map(it => it.alt).concat(
        [...page.querySelectorAll("svg")].map(it => it.getAttribute("role") == "img" ? it.getAttribute("aria-label") : ""));
      seen.unnamed = figures.filter(it => !it || !it.trim()).length;
      for (const details of page.querySelectorAll("details")) details.open = true;
      const words = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
      while (words.nextNode()) {
        const element = words.currentNode.parentElement, text = words.currentNode.data.trim();
        if (!text || ["SCRIPT", "STYLE", "title"].includes(element.tagName)) continue;
        const style = view.getComputedStyle(element);
        const ink = numbers(element.closest("svg") ? style.fill : style.color);
        const pair = [light(ink), light(ground(element, view))].sort((a, b) => b - a);
        const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
        if (contrast < seen.contrast) { seen.contrast = contrast; seen.faintest = text.slice(0, 40).replace(/[<>&]/g, " "); }
      }
      const judge = isRight => isRight ? seen.working++ : seen.broken++;
      for (const figure of page.querySelectorAll(".slides")) {
        const slider = figure.querySelector("input"), images = [...figure.querySelectorAll("img")];
        slider.value = 0;
        slider.dispatchEvent(new Event("input"));
        judge(!slider.hidden && images.every((it, index) => it.hidden == (index > 0)) &&
          figure.querySelector("figcaption").textContent == images[0].alt);
      }
      for (const table of page.querySelectorAll("table.sorted")) {
        const head = table.tHead.rows[0].cells[0], names = () => [...table.tBodies[0].rows].map(it => it.cells[0].textContent);
        const before = names();
        head.querySelector("button").click();
        head.querySelector("button").click();
        judge(head.getAttribute("aria-sort") == "descending" && names().join() == before.reverse().join());
      }
      document.body.textContent = "SEEN" + JSON.stringify(seen) + "SEEN";
    });
    """

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
