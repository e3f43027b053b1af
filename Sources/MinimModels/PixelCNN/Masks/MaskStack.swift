import MinimAutodiff
import MinimDrawing
import MinimNN

/// The masks of a PixelCNN's layers and the wiring of the layers, and what follows from these alone: the pixels that
/// each pixel sees.
public struct MaskStack: Sendable, Hashable, CustomStringConvertible {
  /// The wiring of the layers.
  public enum Wiring: String, Sendable, CaseIterable {
    /// Each layer sees the one before it.
    case plain
    /// Each layer but the first adds its input to its output, so that a path may skip it.
    case residual
    /// Two stacks: a vertical one that sees whole rows, and a residual horizontal one that sees its own row and, of the
    /// vertical one, the row above.
    case gated
  }

  /// The masks, from the input upward.
  public let masks: [Mask]
  /// The wiring of the layers.
  public let wiring: Wiring

  /// Creates a stack of masks.
  public init(_ masks: [Mask], _ wiring: Wiring = .plain) {
    self.masks = masks
    self.wiring = wiring
  }

  /// "A3,B3": masks separated by commas.
  ///
  /// - Returns: nil if a part is not a mask.
  public init?(_ text: String, _ wiring: Wiring = .plain) {
    let masks = text.split(separator: ",", omittingEmptySubsequences: false).map { Mask(String($0)) }
    guard !masks.isEmpty, !masks.contains(nil) else { return nil }
    self.init(masks.compactMap { $0 }, wiring)
  }

  /// "A3,B3", and whether it is residual or gated.
  public var description: String {
    masks.map(\.description).joined(separator: ",") + (wiring == .plain ? "" : " \(wiring.rawValue)")
  }

  /// The link from the vertical stack to the horizontal one: from the row above.
  static let link = Tap(row: -1, column: 0)

  /// For each pixel of a canvas, in reading order, the pixels that its output depends on, ascending: the offsets of the
  /// layers added up along every path that stays on the canvas, skipped layers included.
  public func receptiveFields(height: Int, width: Int) -> [[Int]] {
    let canvas = Canvas(height: height, width: width)
    let layers = masks.map { mask in
      let taps = wiring == .gated ? mask.horizontalTaps : mask.taps
      return (own: canvas.reachable(taps), vertical: canvas.reachable(mask.verticalTaps))
    }
    return (0..<height * width).map { pixel in
      // Backward from the output. `vertical` has what is seen through the vertical stack of a gated net.
      var (seen, vertical): (Set<Int>, Set<Int>) = ([pixel], [])
      for (depth, taps) in layers.enumerated().reversed() {
        if wiring == .gated {
          vertical = canvas.moved(vertical.union(canvas.moved(seen, by: [Self.link])), by: taps.vertical)
        }
        let skipped: Set<Int> = wiring != .plain && depth > 0 ? seen : []
        seen = skipped.union(canvas.moved(seen, by: taps.own))
      }
      return seen.union(vertical).sorted()
    }
  }

  /// Sets of pixels, moved within the extents of an image.
  private struct Canvas {
    let height: Int, width: Int

    /// The taps that can join two pixels.
    func reachable(_ taps: [Tap]) -> [Tap] { taps.filter { abs($0.row) < height && abs($0.column) < width } }

    func moved(_ pixels: Set<Int>, by taps: [Tap]) -> Set<Int> {
      var moved: Set<Int> = []
      for pixel in pixels {
        for tap in taps {
          let (row, column) = (pixel / width + tap.row, pixel % width + tap.column)
          if (0..<height).contains(row), (0..<width).contains(column) { moved.insert(row * width + column) }
        }
      }
      return moved
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

  /// The stack with a first mask of the other kind: the one change made by the controls of claims. A valid stack then
  /// lets a pixel see itself and is no longer a distribution.
  public var withOtherFirstMask: MaskStack {
    MaskStack([Mask(masks[0].kind == .a ? .b : .a, masks[0].size)] + masks.dropFirst(), wiring)
  }
}
