import MinimFiles

/// The place where a part of a configuration was written.
public enum ConfigurationOrigin: Sendable, Hashable {
  /// In the file of this name, the `index`-th of those merged; without a position if the file could not be read.
  case file(name: String, index: Int, position: JSONPosition?)
  /// In the `index`-th override `key.path=value`.
  case override(text: String, index: Int)
  /// Nowhere: no file was given.
  case nowhere

  /// The value's entry in `sources`: `file pixelcnn.json:12:5` or `override`.
  var source: String {
    switch self {
    case .file: "file \(place)"
    case .override: "override"
    case .nowhere: "default"
    }
  }

  /// `pixelcnn.json:12:5`, or the text of the override.
  var place: String {
    switch self {
    case .file(let name, _, let position?): "\(name.printable):\(position)"
    case .file(let name, _, nil): name.printable
    case .override(let text, _): text.printable
    case .nowhere: "configuration"
    }
  }

  /// Sort key, compared lexicographically: files in their order, each from top to bottom, then the overrides.
  var rank: [Int] {
    switch self {
    case .nowhere: [0, 0, 0, 0]
    case .file(_, let index, let position): [1, index, position?.line ?? 0, position?.column ?? 0]
    case .override(_, let index): [2, index, 0, 0]
    }
  }

  /// Whether it was written in an earlier file or override than another place.
  func isInEarlierLayer(than other: ConfigurationOrigin) -> Bool {
    rank.prefix(2).lexicographicallyPrecedes(other.rank.prefix(2))
  }
}

extension String {
  /// The text for use in a message: all of it visible, and cut if it is long.
  var printable: String {
    let limit = 80
    let head = unicodeScalars.prefix(limit + 1)
    let text = String(String.UnicodeScalarView(head.prefix(limit))).visible
    return head.count > limit ? text + "..." : text
  }
}
