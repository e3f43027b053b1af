import MinimNN

extension Mask {
  /// The problem with the name of a mask, and what was expected; nil if it names one.
  package static func problem(_ name: String) -> String? {
    if Mask(name) != nil { return nil }
    if let size = Int(name.dropFirst()), "AB".contains(name.prefix(1)), size % 2 == 0 {
      return "\"\(name)\": kernel size must be odd for a masked convolution (3, 5, 7)"
    }
    return "\"\(name)\" is not a mask; write A or B followed by an odd size from 1 to 31, such as A7 or B3"
  }
}
