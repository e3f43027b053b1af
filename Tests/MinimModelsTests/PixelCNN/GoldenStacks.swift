import MinimConfiguration
import MinimFiles
import MinimModels
import TestSupport
import Testing

/// A stack of masks whose receptive fields on 5x5 were found by other means.
struct GoldenStack: CustomTestStringConvertible, Sendable {
  let name: String
  let stack: MaskStack
  let value: JSON

  var testDescription: String { name }

  static let all = Golden["pixel_rf", "receptive_fields", "stacks"].members.map { name, value in
    let layers = value["layers"]?.array ?? []
    let text = layers.map { "\($0[0]?.string ?? "?")\($0[1]?.integer ?? 0)" }.joined(separator: ",")
    guard let stack = MaskStack(text) else { fatalError("golden.json: \(name) has the layers \(text)") }
    return GoldenStack(name: name, stack: stack, value: value)
  }

  static subscript(name: String) -> GoldenStack {
    guard let stack = all.first(where: { $0.name == name }) else { fatalError("golden.json has no stack \(name)") }
    return stack
  }

  /// Labels of the pixels that a pixel sees.
  func field(_ label: Int) -> [Int]? { value["all_pixels"]?["\(label)"]?.integers }
}

/// Labels of 5x5 in reading order.
let labels5x5 = (1...5).flatMap { row in (1...5).map { row * 10 + $0 } }
