import MinimAutodiff

/// The visible part of a square kernel: the pixels before its own in reading order, and for kind B its own too (van den
/// Oord et al. 2016, "Pixel Recurrent Neural Networks", figure 2).
public struct Mask: Sendable, Hashable, CustomStringConvertible {
  /// Whether the kernel's center is live (B), dead (A), or nothing is masked at all (the control of a claim).
  public enum Kind: String, Sendable, CaseIterable {
    case a = "A"
    case b = "B"
    case none = "N"
  }

  /// The kind of the mask.
  public let kind: Kind
  /// The size of the kernel, odd.
  public let size: Int

  /// Creates a mask of a kernel of odd size.
  public init(_ kind: Kind, _ size: Int) {
    self.kind = kind
    self.size = size
  }

  /// "A7", "B3": the kind and the size of the kernel.
  ///
  /// - Returns: nil if the text is not a mask with an odd size from 1 to 31.
  public init?(_ text: String) {
    guard let kind = Kind(rawValue: String(text.prefix(1))), kind != .none, let size = Int(text.dropFirst()),
      size % 2 == 1, (1...31).contains(size), text.dropFirst().first != "+"
    else { return nil }
    self.init(kind, size)
  }

  /// The name that `init(_:)` reads: "A7".
  public var description: String { "\(kind.rawValue)\(size)" }

  /// The live taps in reading order.
  public var taps: [Tap] {
    let reach = size / 2
    let offsets = (-reach...reach).flatMap { row in (-reach...reach).map { Tap(row: row, column: $0) } }
    return offsets.filter { tap in
      let isBefore = tap.row < 0 || (tap.row == 0 && tap.column < 0)
      let isCenter = tap.row == 0 && tap.column == 0
      return kind == .none || isBefore || (kind == .b && isCenter)
    }
  }

  /// The live taps of the pixel's own row, which a horizontal stack sees (van den Oord et al. 2016, "Conditional Image
  /// Generation with PixelCNN Decoders", section 2.2).
  public var horizontalTaps: [Tap] { taps.filter { $0.row == 0 } }

  /// The taps of whole rows down to the pixel's own, which a vertical stack sees. The reader must be one row below.
  public var verticalTaps: [Tap] {
    let reach = size / 2
    return (-reach...0).flatMap { row in (-reach...reach).map { Tap(row: row, column: $0) } }
  }
}

extension Convolution2D {
  /// A convolution that sees only the pixels before its own. The weight holds only the live taps: what a mask would
  /// multiply by zero does not exist, so it costs nothing and has no gradient.
  public static func masked(_ scope: ParameterScope, _ mask: Mask, inputs: Int, outputs: Int) -> Convolution2D {
    Convolution2D(scope, taps: mask.taps, inputs: inputs, outputs: outputs)
  }
}
