/// A formula in the part of TeX's notation that theorems need. Browsers typeset it themselves, from MathML Core (W3C).
///
/// Letters, digits and signs; `^`, `_`, `'` and `{}`; `\frac`, `\sqrt`, `\operatorname`, `\text`, `\mathbb`; spaces (`\,`, `\;`, `\quad`);
/// and the names in `signs`, `functions`, `limits`, `largeSigns` and `accents`.
package struct Formula: Sendable {
  /// The formula as an element of a page, in a line of its own.
  package let markup: Markup

  /// Reads a formula; nil if it is not one, as when a brace is left open or a name is not known.
  package init?(_ source: String) {
    var reader = FormulaReader(source)
    guard let row = reader.row(closedBy: nil, depth: 0) else { return nil }
    markup = "<math display=\"block\">\(row)</math>"
  }

  /// Signs that stand between or before terms, and letters.
  static let signs: [String: (element: String, text: String)] = [
    "le": ("mo", "≤"), "ge": ("mo", "≥"), "ne": ("mo", "≠"), "approx": ("mo", "≈"), "sim": ("mo", "∼"),
    "propto": ("mo", "∝"), "in": ("mo", "∈"), "notin": ("mo", "∉"), "subset": ("mo", "⊂"), "to": ("mo", "→"),
    "mapsto": ("mo", "↦"), "iff": ("mo", "⇔"), "cdot": ("mo", "⋅"), "times": ("mo", "×"), "circ": ("mo", "∘"),
    "odot": ("mo", "⊙"), "pm": ("mo", "±"), "mid": ("mo", "∣"), "cup": ("mo", "∪"), "cap": ("mo", "∩"),
    "ldots": ("mo", "…"), "cdots": ("mo", "⋯"), "forall": ("mo", "∀"),
    "nabla": ("mi", "∇"), "partial": ("mi", "∂"), "infty": ("mi", "∞"), "ell": ("mi", "ℓ"), "emptyset": ("mi", "∅"),
    "top": ("mi", "⊤"), "alpha": ("mi", "α"), "beta": ("mi", "β"), "gamma": ("mi", "γ"), "delta": ("mi", "δ"),
    "epsilon": ("mi", "ε"), "zeta": ("mi", "ζ"), "eta": ("mi", "η"), "theta": ("mi", "θ"), "kappa": ("mi", "κ"),
    "lambda": ("mi", "λ"), "mu": ("mi", "μ"), "nu": ("mi", "ν"), "xi": ("mi", "ξ"), "pi": ("mi", "π"),
    "rho": ("mi", "ρ"), "sigma": ("mi", "σ"), "tau": ("mi", "τ"), "phi": ("mi", "φ"), "chi": ("mi", "χ"),
    "psi": ("mi", "ψ"), "omega": ("mi", "ω"), "Gamma": ("mi", "Γ"), "Delta": ("mi", "Δ"), "Theta": ("mi", "Θ"),
    "Lambda": ("mi", "Λ"), "Sigma": ("mi", "Σ"), "Phi": ("mi", "Φ"), "Psi": ("mi", "Ψ"), "Omega": ("mi", "Ω"),
  ]

  /// Functions, which are upright.
  static let functions: Set<String> = ["log", "exp", "det", "tanh", "sin", "cos", "Re"]

  /// Functions whose scripts stand below and above.
  static let limits: Set<String> = ["max", "min", "sup", "inf", "lim"]

  /// Large signs, whose scripts stand below and above, except those of an integral.
  static let largeSigns: [String: String] = ["sum": "∑", "prod": "∏", "int": "∫"]

  /// Brackets by how they are written.
  static let brackets: [String: (text: String, isOpen: Bool)] = [
    "(": ("(", true), "[": ("[", true), "\\{": ("{", true), "\\lfloor": ("⌊", true), "\\lceil": ("⌈", true),
    ")": (")", false), "]": ("]", false), "\\}": ("}", false), "\\rfloor": ("⌋", false), "\\rceil": ("⌉", false),
  ]

  /// Letters with a double stroke.
  static let doubleStruck: [String: String] = ["E": "𝔼", "R": "ℝ", "N": "ℕ", "Z": "ℤ", "P": "ℙ"]

  /// Accents over a term.
  static let accents: [String: String] = ["hat": "^", "bar": "¯", "tilde": "~", "dot": "˙"]

  /// The widths of spaces.
  static let spaces: [String: String] = [",": "0.17em", ";": "0.28em", " ": "0.28em", "quad": "1em"]
}

/// Reads a formula from left to right.
private struct FormulaReader {
  /// What a term is to its neighbors.
  private enum Kind { case letter, function, open, close, bar, sign }
  private typealias Term = (markup: Markup, kind: Kind, hasLimits: Bool)

  private var rest: Substring
  /// The deepest braces: a file may have any number.
  private static let deepest = 16

  init(_ source: String) { rest = Substring(source) }

  /// What stands before a closing brace, or before the end.
  mutating func row(closedBy end: Character?, depth: Int) -> Markup? {
    guard depth < Self.deepest else { return nil }
    var row = Markup.none, count = 0, last = Kind.sign
    while true {
      skipSpaces()
      guard let next = rest.first else { return end == nil && count > 0 ? row : nil }
      if next == end {
        rest.removeFirst()
        return count == 1 ? row : "<mrow>\(row)</mrow>"
      }
      guard let term = term(depth, after: last) else { return nil }
      if Self.areApart(last, term.kind) { row += Self.space("0.17em") }
      row += term.markup
      count += 1
      last = term.kind
    }
  }

  /// Whether TeX puts a thin space between two terms: around functions, as in "d log x", but not at brackets.
  private static func areApart(_ a: Kind, _ b: Kind) -> Bool {
    switch (a, b) {
    case (.letter, .function), (.close, .function), (.function, .function), (.function, .letter), (.function, .bar):
      true
    default: false
    }
  }

  /// An atom with its scripts.
  private mutating func term(_ depth: Int, after last: Kind) -> Term? {
    guard let (base, kind, hasLimits) = atom(depth, after: last) else { return nil }
    var below: Markup?, above: Markup?
    skipSpaces()
    while let sign = rest.first, "_^'".contains(sign) {
      rest.removeFirst()
      skipSpaces()
      guard let script = sign == "'" ? "<mo>′</mo>" : atom(depth, after: .sign)?.markup else { return nil }
      if sign == "_" {
        guard below == nil else { return nil }
        below = script
      } else {
        guard above == nil else { return nil }
        above = script
      }
      skipSpaces()
    }
    let names: (both: Markup, below: Markup, above: Markup) =
      hasLimits ? ("munderover", "munder", "mover") : ("msubsup", "msub", "msup")
    let markup: Markup =
      switch (below, above) {
      case (let low?, let high?): "<\(names.both)>\(base)\(low)\(high)</\(names.both)>"
      case (let low?, nil): "<\(names.below)>\(base)\(low)</\(names.below)>"
      case (nil, let high?): "<\(names.above)>\(base)\(high)</\(names.above)>"
      case (nil, nil): base
      }
    return (markup, kind, hasLimits)
  }

  private mutating func atom(_ depth: Int, after last: Kind) -> Term? {
    guard let first = rest.first else { return nil }
    if first == "\\" { return command(depth) }
    if let number = word({ $0.isASCII && ($0.isNumber || $0 == ".") }) { return Self.letter("<mn>\(number)</mn>") }
    rest.removeFirst()
    switch first {
    case "{": return row(closedBy: "}", depth: depth + 1).map(Self.letter)
    case "}", "^", "_", "'", "$", "&", "#", "%": return nil
    // A browser knows the sign of a number only where a row begins.
    case "-" where ![.letter, .close, .bar].contains(last): return ("<mo form=\"prefix\">−</mo>", .sign, false)
    case "-": return ("<mo>−</mo>", .sign, false)
    case "|": return Self.bar("|")
    case "/": return ("<mo lspace=\"0\" rspace=\"0\">/</mo>", .sign, false)
    default:
      guard let code = first.asciiValue, code > 32, code < 127 else { return nil }
      let text = String(first)
      if first.isLetter { return Self.letter("<mi>\(text)</mi>") }
      return Formula.brackets[text].map(Self.bracket) ?? ("<mo>\(text)</mo>", .sign, false)
    }
  }

  /// What a backslash begins.
  private mutating func command(_ depth: Int) -> Term? {
    rest.removeFirst()
    guard let name = word({ $0.isASCII && $0.isLetter }) ?? rest.popFirst().map({ String($0) }) else { return nil }
    if let (element, text) = Formula.signs[name] {
      return element == "mo" ? ("<mo>\(text)</mo>", .sign, false) : Self.letter("<mi>\(text)</mi>")
    }
    if Formula.functions.contains(name) { return Self.function(name) }
    if Formula.limits.contains(name) { return ("<mi>\(name)</mi>", .function, true) }
    if let sign = Formula.largeSigns[name] { return ("<mo>\(sign)</mo>", .sign, name != "int") }
    if let width = Formula.spaces[name] { return (Self.space(width), .sign, false) }
    if let bracket = Formula.brackets["\\\(name)"] { return Self.bracket(bracket) }
    if let accent = Formula.accents[name] {
      return argument(depth).map {
        Self.letter("<mover accent=\"true\">\($0)<mo stretchy=\"false\">\(accent)</mo></mover>")
      }
    }
    switch name {
    case "|": return Self.bar("‖")
    case "frac":
      guard let above = argument(depth), let below = argument(depth) else { return nil }
      return Self.letter("<mfrac>\(above)\(below)</mfrac>")
    case "sqrt": return argument(depth).map { Self.letter("<msqrt>\($0)</msqrt>") }
    case "operatorname": return letters().map(Self.function)
    case "text": return letters().map { Self.letter("<mtext>\($0)</mtext>") }
    case "mathbb": return letters().flatMap { Formula.doubleStruck[$0] }.map { Self.letter("<mi>\($0)</mi>") }
    default: return nil
    }
  }

  private static func letter(_ markup: Markup) -> Term { (markup, .letter, false) }

  private static func function(_ name: String) -> Term {
    // A single letter would be slanted.
    name.count > 1
      ? ("<mi>\(name)</mi>", .function, false) : ("<mi mathvariant=\"normal\">\(name)</mi>", .function, false)
  }

  /// Brackets are as tall as a letter: a browser would stretch each to the tallest term of the whole row.
  private static func bracket(_ bracket: (text: String, isOpen: Bool)) -> Term {
    ("<mo stretchy=\"false\">\(bracket.text)</mo>", bracket.isOpen ? .open : .close, false)
  }

  /// A bar has no direction, so a browser would take one in the middle of a row for a relation.
  private static func bar(_ text: String) -> Term {
    ("<mo stretchy=\"false\" lspace=\"0\" rspace=\"0\">\(text)</mo>", .bar, false)
  }

  private static func space(_ width: String) -> Markup { "<mspace width=\"\(width)\"></mspace>" }

  /// A formula in braces.
  private mutating func argument(_ depth: Int) -> Markup? {
    skipSpaces()
    return rest.first == "{" ? atom(depth, after: .sign)?.markup : nil
  }

  /// Words in braces, as they are.
  private mutating func letters() -> String? {
    guard rest.first == "{", let end = rest.firstIndex(of: "}") else { return nil }
    defer { rest = rest[rest.index(after: end)...] }
    return String(rest[rest.index(after: rest.startIndex)..<end])
  }

  /// The longest start of the rest that a rule allows; nil if that is nothing.
  private mutating func word(_ isPart: (Character) -> Bool) -> String? {
    let word = rest.prefix(while: isPart)
    guard !word.isEmpty else { return nil }
    rest = rest[word.endIndex...]
    return String(word)
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == " " } }
}
