import MinimNN

/// The masks of a PixelCNN's layers, and what follows from them alone: which pixels each pixel sees.
public struct MaskStack: Sendable, Hashable, CustomStringConvertible {
  /// From the input upwards.
  public let masks: [Mask]
  /// Whether every layer but the first adds its input to its output, so that a path may skip it.
  public let residual: Bool

  /// A stack of masks.
  public init(_ masks: [Mask], residual: Bool = false) {
    self.masks = masks
    self.residual = residual
  }

  /// "A3,B3": masks separated by commas.
  ///
  /// - Returns: nil if a part is no mask.
  public init?(_ text: String, residual: Bool = false) {
    let masks = text.split(separator: ",", omittingEmptySubsequences: false).map { Mask(String($0)) }
    guard !masks.isEmpty, !masks.contains(nil) else { return nil }
    self.init(masks.compactMap { $0 }, residual: residual)
  }

  /// "A3,B3", and whether it is residual.
  public var description: String { masks.map(\.description).joined(separator: ",") + (residual ? " residual" : "") }

  /// For each pixel of a canvas, in reading order, the pixels that its output depends on, ascending: the offsets of the
  /// layers added up along every path that stays on the canvas, skipped layers included.
  public func receptiveFields(height: Int, width: Int) -> [[Int]] {
    let layers = masks.map { mask in mask.taps.filter { abs($0.row) < height && abs($0.column) < width } }
    return (0..<height * width).map { pixel in
      var seen: Set<Int> = [pixel]
      for (depth, taps) in layers.enumerated().reversed() {
        var next: Set<Int> = residual && depth > 0 ? seen : []
        for position in seen {
          for tap in taps {
            let row = position / width + tap.row
            let column = position % width + tap.column
            if (0..<height).contains(row), (0..<width).contains(column) { next.insert(row * width + column) }
          }
        }
        seen = next
      }
      return seen.sorted()
    }
  }

  /// Whether no pixel sees itself or a later one, so that the product of the conditionals is a distribution.
  public func isAutoregressive(height: Int, width: Int) -> Bool {
    receptiveFields(height: height, width: width).enumerated().allSatisfy { pixel, field in
      field.allSatisfy { $0 < pixel }
    }
  }

  /// For each pixel the earlier pixels that it does not see.
  public func blindPixels(height: Int, width: Int) -> [[Int]] {
    receptiveFields(height: height, width: width).enumerated().map { pixel, field in
      (0..<pixel).filter { !field.contains($0) }
    }
  }

  /// The same stack with a first mask of the other kind: the one thing that the controls of claims change. A valid stack
  /// then lets a pixel see itself and is no distribution any more.
  public var withOtherFirstMask: MaskStack {
    MaskStack([Mask(masks[0].kind == .a ? .b : .a, masks[0].size)] + masks.dropFirst(), residual: residual)
  }
}
