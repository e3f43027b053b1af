/// Pieces of a page.
package enum HTML {
  /// A text as the content of an element or of an attribute in double quotes.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  /// A section with its heading; nothing where there is no content.
  package static func section(_ title: String, _ content: String) -> String {
    content.isEmpty ? "" : "<section>\n<h2>\(escaped(title))</h2>\n\(content)\n</section>\n"
  }

  /// A table whose first column names its rows.
  ///
  /// - Parameters:
  ///   - caption: for who cannot see it.
  ///   - rows: texts, which are escaped.
  package static func table(_ caption: String, _ titles: [String], _ rows: [[String]]) -> String {
    let head = titles.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    let body = rows.map { row -> String in
      let cells = row.dropFirst().map { "<td>\(escaped($0))</td>" }.joined()
      return "<tr><th scope=\"row\">\(escaped(row.first ?? ""))</th>\(cells)</tr>"
    }
    return
      "<div class=\"wide\"><table>\n<caption>\(escaped(caption))</caption>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n"
      + body.joined(separator: "\n") + "\n</tbody>\n</table></div>"
  }

  /// What is folded away until somebody asks for it.
  package static func details(_ summary: String, _ content: String) -> String {
    content.isEmpty ? "" : "<details>\n<summary>\(escaped(summary))</summary>\n\(content)\n</details>"
  }

  /// A picture within the page.
  package static func image(png: [UInt8], _ alternative: String) -> String {
    "<figure><img src=\"data:image/png;base64,\(base64(png))\" alt=\"\(escaped(alternative))\">"
      + "<figcaption>\(escaped(alternative))</figcaption></figure>"
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

  /// A whole page of its own: nothing is asked for from anywhere.
  ///
  /// - Parameter refreshes: whether a browser shall look again every few seconds.
  package static func page(_ title: String, refreshes: Bool, _ content: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    \(refreshes ? "<meta http-equiv=\"refresh\" content=\"5\">\n" : "")<link rel="icon" href="data:,">
    <title>\(escaped(title))</title>
    <style>\(style)</style>
    </head>
    <body>
    <main>
    \(content)</main>
    </body>
    </html>

    """
  }

  private static let style = """

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
    svg { width: 100%; height: auto; font: 11px system-ui, sans-serif; }
    svg text { fill: var(--text); } svg .title { font-weight: 600; font-size: 12px; }
    svg .grid { stroke: var(--line); fill: none; } svg .frame { stroke: var(--soft); fill: none; }
    svg .mark { stroke: var(--soft); stroke-dasharray: 4 3; }
    .wide { overflow-x: auto; margin-bottom: 1rem; }
    table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); }
    tbody th { font-weight: 600; }
    .holds { color: var(--good); } .fails { color: var(--bad); font-weight: 600; }
    figure { margin: 0 0 1rem; } img { max-width: 100%; image-rendering: pixelated; background: #ffffff; }
    summary { cursor: pointer; } summary:focus-visible { outline: 2px solid currentColor; }
    @media print { :root { --text: #000000; --back: #ffffff; --soft: #444444; } details { display: block; } section { break-inside: avoid; } }

    """
}
