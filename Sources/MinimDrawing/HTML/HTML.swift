/// Pieces of a page.
package enum HTML {
  /// A section with its heading; nothing if there is no content.
  package static func section(_ title: String, _ content: Markup) -> Markup {
    content.isEmpty ? .none : "<section>\n<h2>\(title)</h2>\n\(content)\n</section>\n"
  }

  /// A table whose first column names its rows.
  ///
  /// - Parameters:
  ///   - caption: a description for readers who cannot see the table.
  ///   - isSorted: whether a reader can sort the rows by a column.
  package static func table(
    _ caption: String, _ titles: [String], _ rows: [[String]], isSorted: Bool = false
  ) -> Markup {
    table(
      caption, titles, rows.map { $0.map { "\($0)" as Markup } }, isSorted: isSorted)
  }

  /// A table whose cells are already markup.
  package static func table(
    _ caption: String, _ titles: [String], _ rows: [[Markup]], isSorted: Bool = false
  ) -> Markup {
    let head = titles.map { "<th scope=\"col\">\($0)</th>" as Markup }.joined()
    let kind: Markup = isSorted ? " class=\"sorted\"" : .none
    let lines = rows.map { row in
      let cells = row.dropFirst().map { "<td>\($0)</td>" as Markup }.joined()
      return "<tr><th scope=\"row\">\(row.first ?? .none)</th>\(cells)</tr>" as Markup
    }
    return """
      <div class="wide"><table\(kind)>
      <caption>\(caption)</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(lines.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }

  /// Content that is folded until a reader opens it.
  package static func details(_ summary: String, _ content: Markup) -> Markup {
    content.isEmpty ? .none : "<details>\n<summary>\(summary)</summary>\n\(content)\n</details>"
  }

  /// A self-contained page, which requests nothing from anywhere.
  ///
  /// - Parameter refreshes: whether a browser reloads it every few seconds.
  package static func page(_ title: String, refreshes: Bool, _ content: Markup) -> String {
    let refresh: Markup = refreshes ? "<meta http-equiv=\"refresh\" content=\"5\">\n" : .none
    let page: Markup = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      \(policy)
      \(refresh)<link rel="icon" href="data:,">
      <title>\(title)</title>
      <style>\(style)</style>
      </head>
      <body>
      <main>
      \(content)</main>
      <script>\(Markup(verbatim: script))</script>
      </body>
      </html>

      """
    return page.text
  }

  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Base 64 (RFC 4648, section 4).
  package static func base64(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for index in 0..<3 { bits = bits << 8 | (index < group.count ? UInt32(group[start + index]) : 0) }
      for index in 0..<4 {
        text.append(index <= group.count ? digits[Int(bits >> UInt32(18 - 6 * index)) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let style: Markup = """

    :root { color-scheme: light dark; --text: #1d1d1f; --back: #ffffff; --soft: #6b6b70; --line: #d9d9de; --good: #0a7a3d;
      --bad: #b3261e; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #e8e8ea; --back: #17181a; --soft: #a0a0a8; --line: #3a3b40; --good: #58c98a; --bad: #ff8a80; }
    }
    body { margin: 0; color: var(--text); background: var(--back); font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.5rem; margin: 0.5rem 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); }
    p { margin: 0.3rem 0; }
    .soft, caption, figcaption { color: var(--soft); font-size: 0.875rem; text-align: left; }
    .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
    svg { max-width: 100%; height: auto; }
    svg text { fill: var(--text); } svg .axis { stroke: var(--text); }
    svg .grid { stroke: var(--line); fill: none; } svg .frame { stroke: var(--soft); fill: none; }
    svg .back { fill: var(--back); }
    .wide { overflow-x: auto; margin-bottom: 1rem; }
    table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); }
    tbody th { font-weight: 600; }
    .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem; font-size: 0.875rem; }
    article { border: 1px solid var(--line); border-radius: 4px; padding: 0.5rem 0.75rem; break-inside: avoid; overflow-wrap: anywhere; }
    h3 { font-size: 1rem; margin: 0; }
    .holds { color: var(--good); } .fails { color: var(--bad); font-weight: 600; }
    figure { margin: 0 0 1rem; max-width: 100%; } img { max-width: 100%; height: auto; background: #ffffff; }
    .pictures { display: flex; flex-wrap: wrap; gap: 0 2rem; align-items: flex-start; }
    .sheet { width: 28rem; display: block; } .sheet[hidden] { display: none; }
    .slides input { width: min(28rem, 100%); accent-color: var(--good); }
    .head { font-size: 1.15rem; } .head strong { font-size: 1.5rem; }
    math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "DejaVu Math TeX Gyre", math; font-size: 1.05rem; margin: 0.4rem 0; overflow-x: auto; overflow-y: hidden; }
    th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: left; }
    th button::after { content: " ↕"; color: var(--soft); } th[aria-sort="ascending"] button::after { content: " ↑"; }
    th[aria-sort="descending"] button::after { content: " ↓"; } button:focus-visible { outline: 2px solid currentColor; }
    .film svg { display: block; max-width: 26rem; } .film input { margin: 0.25rem 0.15rem; } .film label { font-size: 0.8rem; margin-right: 0.4rem; }
    summary { cursor: pointer; } summary:focus-visible { outline: 2px solid currentColor; }
    @media (prefers-color-scheme: dark) { svg path[stroke^="#"] { filter: brightness(1.5); } }
    @media print {
      :root { --text: #000000; --back: #ffffff; --soft: #444444; } svg path { filter: none !important; }
      .pictures, .cards { display: block; } article { margin-bottom: 0.75rem; } .slides input { display: none; }
      figure, article, .charts svg { break-inside: avoid; } h2 { break-after: avoid; } main { padding: 0; }
    }

    """
}
