import MinimModels
import MinimNN

/// The checked arguments of `minim masks`: stacks, canvas and pixel.
struct MaskArguments {
  let stacks: [MaskStack]
  let height: Int
  let width: Int
  /// An index in reading order; nil for all pixels.
  let pixel: Int?

  /// The four pairs of two layers, which show everything: order does not matter, one A suffices, and no A leaks.
  static let usualStacks = ["A3,A3", "A3,B3", "B3,A3", "B3,B3"]
  /// The number of stacks that a picture can still show well.
  private static let mostStacks = 16

  /// - Parameters:
  ///   - names: stacks such as "A3,B3"; none means the usual four.
  ///   - label: the pixel's label; nil is the center.
  /// - Throws: one ``CommandError`` that names everything wrong.
  init(
    _ names: [String], label: Int?, height: Int, width: Int, wiring: MaskStack.Wiring, allPixels: Bool
  ) throws(CommandError) {
    let names = names.isEmpty ? Self.usualStacks : names
    var problems = names.flatMap { Self.problems(of: $0) }
    if names.count > Self.mostStacks {
      problems.append("expected at most \(Self.mostStacks) stacks at once, got \(names.count)")
    }
    for (name, side) in [("--height", height), ("--width", width)] where !MaskMap.sides.contains(side) {
      problems.append("\(name): expected 1 to \(MaskMap.sides.upperBound), since labels have two digits, got \(side)")
    }
    let index = Self.index(label, height: height, width: width)
    if label != nil, allPixels {
      problems.append("--pixel and --all-pixels exclude each other: leave one out")
    } else if let label, index == nil, MaskMap.sides.contains(height), MaskMap.sides.contains(width) {
      problems.append(
        "--pixel \(label): expected row and column on the canvas, from 11 to \(height)\(width) "
          + "(rows 1 to \(height), columns 1 to \(width))")
    }
    guard problems.isEmpty else { throw CommandError(problems.joined(separator: "\n"), exit: .usage) }
    stacks = names.compactMap { MaskStack($0, wiring) }
    self.height = height
    self.width = width
    pixel = allPixels ? nil : index
  }

  /// The maps to show: one per stack, or all of them.
  var maps: [[MaskMap]] {
    stacks.map { stack in
      let all = MaskMap.all(stack, height: height, width: width)
      return pixel.map { [all[$0]] } ?? all
    }
  }

  private static func index(_ label: Int?, height: Int, width: Int) -> Int? {
    guard let label else { return (height - 1) / 2 * width + (width - 1) / 2 }
    guard MaskMap.sides.contains(height), MaskMap.sides.contains(width) else { return nil }
    return MaskMap.index(ofLabel: label, height: height, width: width)
  }

  private static func problems(of stack: String) -> [String] {
    let masks = stack.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard masks.count <= 64 else { return ["expected at most 64 masks in a stack, got \(masks.count)"] }
    return masks.compactMap(Mask.problem).map { masks.count > 1 ? "\(stack): \($0)" : $0 }
  }
}
