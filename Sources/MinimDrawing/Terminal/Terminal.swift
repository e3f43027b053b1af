import MinimSystem

/// The properties of the terminal behind a stream, or of the file or pipe in its place.
package struct Terminal: Equatable, Sendable {
  /// The colors that can be shown.
  package enum Colors: Sendable {
    /// Plain text only.
    case none
    /// The 256 colors that nearly every terminal knows.
    case indexed
    /// 24 bits.
    case full
  }

  /// Characters per line.
  package let width: Int
  /// Whether a person is watching on a terminal that can rewrite a line.
  package let isInteractive: Bool
  package let colors: Colors

  package init(width: Int, isInteractive: Bool, colors: Colors) {
    self.width = width
    self.isInteractive = isInteractive
    self.colors = colors
  }

  /// Determines the properties from the environment.
  ///
  /// - Parameters:
  ///   - isTTY: whether the stream is a terminal at all.
  ///   - columns: the width that the system reports; 0 if unknown.
  ///   - environment: the variables COLUMNS, TERM, COLORTERM and NO_COLOR (no-color.org: any value but the empty one).
  package init(isTTY: Bool, columns: Int, environment: (String) -> String?) {
    let term = environment("TERM") ?? ""
    let isDumb = term.isEmpty || term == "dumb"
    let wished = environment("COLUMNS").flatMap { Int($0) } ?? 0
    width = wished > 0 ? min(wished, 10_000) : columns > 0 ? columns : 80
    isInteractive = isTTY && !isDumb
    if !isInteractive || environment("NO_COLOR").map({ !$0.isEmpty }) == true {
      colors = .none
    } else {
      colors = ["truecolor", "24bit"].contains(environment("COLORTERM") ?? "") ? .full : .indexed
    }
  }

  /// The terminal behind a file descriptor: 1 is standard output, 2 standard error.
  package static func current(_ descriptor: Int32) -> Terminal {
    var size = winsize()
    let known = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    return Terminal(isTTY: isatty(descriptor) == 1, columns: known ? Int(size.ws_col) : 0) { name in
      getenv(name).map { String(cString: $0) }
    }
  }
}
