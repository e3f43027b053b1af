/// A formula in the part of TeX's notation that theorems need. Browsers typeset it themselves, from MathML Core (W3C).
///
/// Letters, digits and signs; `^`, `_` and `{}`; `\frac`, `\sqrt`, `\hat`, `\bar`, `\tilde`; `\operatorname`, `\text`, `\mathbb`; and the
/// names in `Formula.signs`, `Formula.functions` and `Formula.largeSigns`.
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
    "ldots": ("mo", "…"), "prime": ("mo", "′"), "|": ("mo", "‖"), "{": ("mo", "{"), "}": ("mo", "}"),
    "lfloor": ("mo", "⌊"), "rfloor": ("mo", "⌋"), "lceil": ("mo", "⌈"), "rceil": ("mo", "⌉"), "forall": ("mo", "∀"),
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

  /// Signs and functions whose limits stand below and above.
  static let largeSigns: [String: String] = [
    "sum": "∑", "prod": "∏", "int": "∫", "max": "max", "min": "min", "sup": "sup", "inf": "inf", "lim": "lim",
  ]

  /// Letters with a double stroke.
  static let doubleStruck: [String: String] = ["E": "𝔼", "R": "ℝ", "N": "ℕ", "Z": "ℤ", "P": "ℙ"]

  /// Accents over a term.
  static let accents: [String: String] = ["hat": "^", "bar": "¯", "tilde": "~", "dot": "˙"]
}

/// Reads a formula from left to right.
private struct FormulaReader {
  private var rest: Substring
  /// The deepest braces: a file may have any number.
  private static let deepest = 16

  init(_ source: String) { rest = Substring(source) }

  /// What stands before a closing brace, or before the end.
  mutating func row(closedBy end: Character?, depth: Int) -> Markup? {
    guard depth < Self.deepest else { return nil }
    var row = Markup.none, count = 0
    while true {
      skipSpaces()
      guard let next = rest.first else { return end == nil && count > 0 ? row : nil }
      if next == end {
        rest.removeFirst()
        return count == 1 ? row : "<mrow>\(row)</mrow>"
      }
      guard let term = term(depth) else { return nil }
      row += term
      count += 1
    }
  }

  /// An atom with its scripts.
  private mutating func term(_ depth: Int) -> Markup? {
    guard let (base, hasLimits) = atom(depth) else { return nil }
    var below: Markup?, above: Markup?
    skipSpaces()
    while let sign = rest.first, sign == "_" || sign == "^" {
      rest.removeFirst()
      skipSpaces()
      guard let script = atom(depth)?.markup else { return nil }
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
    switch (below, above) {
    case (let low?, let high?): return "<\(names.both)>\(base)\(low)\(high)</\(names.both)>"
    case (let low?, nil): return "<\(names.below)>\(base)\(low)</\(names.below)>"
    case (nil, let high?): return "<\(names.above)>\(base)\(high)</\(names.above)>"
    case (nil, nil): return base
    }
  }

  private mutating func atom(_ depth: Int) -> (markup: Markup, hasLimits: Bool)? {
    guard let first = rest.first else { return nil }
    if first == "\\" { return command(depth) }
    if let number = word({ $0.isASCII && ($0.isNumber || $0 == ".") }) { return ("<mn>\(number)</mn>", false) }
    rest.removeFirst()
    switch first {
    case "{": return row(closedBy: "}", depth: depth + 1).map { ($0, false) }
    case "}", "^", "_", "$", "&", "#", "%": return nil
    case "-": return ("<mo>−</mo>", false)
    case "'": return ("<mo>′</mo>", false)
    // Between bars, which have no direction, a browser does not know what to stretch.
    case "|": return ("<mo stretchy=\"false\">|</mo>", false)
    default:
      guard first.isASCII else { return nil }
      return first.isLetter ? ("<mi>\(String(first))</mi>", false) : ("<mo>\(String(first))</mo>", false)
    }
  }

  /// What a backslash begins.
  private mutating func command(_ depth: Int) -> (markup: Markup, hasLimits: Bool)? {
    rest.removeFirst()
    guard let name = word({ $0.isASCII && $0.isLetter }) ?? rest.popFirst().map({ String($0) }) else { return nil }
    if let sign = Formula.signs[name] {
      return (sign.element == "mo" ? "<mo>\(sign.text)</mo>" : "<mi>\(sign.text)</mi>", false)
    }
    if Formula.functions.contains(name) { return ("<mi>\(name)</mi>", false) }
    if let sign = Formula.largeSigns[name] { return ("<mo>\(sign)</mo>", name != "int") }
    if let accent = Formula.accents[name] {
      return argument(depth).map { ("<mover accent=\"true\">\($0)<mo stretchy=\"false\">\(accent)</mo></mover>", false) }
    }
    switch name {
    case ",", ";", " ": return ("<mspace width=\"0.2em\"></mspace>", false)
    case "frac":
      guard let above = argument(depth), let below = argument(depth) else { return nil }
      return ("<mfrac>\(above)\(below)</mfrac>", false)
    case "sqrt": return argument(depth).map { ("<msqrt>\($0)</msqrt>", false) }
    case "operatorname": return letters().map { ("<mi>\($0)</mi>", false) }
    case "text": return letters().map { ("<mtext>\($0)</mtext>", false) }
    case "mathbb": return letters().flatMap { Formula.doubleStruck[$0] }.map { ("<mi>\($0)</mi>", false) }
    default: return nil
    }
  }

  /// A formula in braces.
  private mutating func argument(_ depth: Int) -> Markup? {
    skipSpaces()
    return rest.first == "{" ? atom(depth)?.markup : nil
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
