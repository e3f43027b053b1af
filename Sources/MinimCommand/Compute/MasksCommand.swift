import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimModels
import MinimTraining

/// `minim masks`.
struct MasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masks", abstract: "Show what the masks of a PixelCNN let a pixel see; nothing is trained.",
    discussion: """
      Example:
        minim masks A3,B3 A7,B3,B3 --pixel 33

      A stack is the list of its layers' masks, from the input on. A hides the pixel itself, B shows it; the kernel's size \
      follows. Pixels are named by row and column, from 1. Earlier pixels that are not seen form the blind spot.
      """)

  @Argument(
    help: ArgumentHelp(
      "Stacks to show side by side, such as A3,B3. Default: the four pairs of A3 and B3.", valueName: "stack"))
  var stacks: [String] = []

  @Option(help: ArgumentHelp("The pixel, by row and column. Default: the center.", valueName: "label"))
  var pixel: Int?

  @Option(help: "Rows of the canvas, 1 to 9.")
  var height = 5

  @Option(help: "Columns of the canvas, 1 to 9.")
  var width = 5

  @Flag(help: "A small panel for every pixel of the canvas.")
  var allPixels = false

  @Flag(help: "Each layer but the first adds its input to its output: paths may skip it.")
  var residual = false

  @Flag(help: "Two stacks of gated layers, one of which sees whole rows: no blind spot.")
  var gated = false

  @Option(help: "The PNG to write. Default: masks.png; none with --json.")
  var output: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reporting {
      if residual, gated {
        throw CommandError("--residual and --gated exclude each other: a gated stack is residual anyway", exit: .usage)
      }
      let arguments = try MaskArguments(
        stacks, label: pixel, height: height, width: width,
        wiring: gated ? .gated : residual ? .residual : .plain, allPixels: allPixels)
      let maps = arguments.maps
      let path = output ?? (json ? nil : "masks.png")
      if let path { try FileStore().writeOutput(png(maps), to: path) }
      if json {
        try Terminal.print(JSON.object(["maps": .array(maps.flatMap { $0 }.map(\.json))]).pretty + "\n")
      } else {
        try Terminal.print(report(maps, Terminal.current(1), path: path))
      }
    }
  }

  private func report(_ maps: [[MaskMap]], _ terminal: Terminal, path: String?) -> String {
    let text = MaskText(terminal)
    let drawing = allPixels ? text.sheet(maps) : text.panels(maps.flatMap { $0 })
    let summaries = maps.map { allPixels ? MaskMap.summary(ofAll: $0) : $0[0].summary }
    // Lines for a person wrap between words; lines for a script stay whole.
    let lines = terminal.isInteractive ? summaries.flatMap { TextTable.wrap($0, width: terminal.width) } : summaries
    return (drawing + [""] + lines + (path.map { ["", "Look at: \($0)"] } ?? [])).joined(separator: "\n") + "\n"
  }

  private func png(_ maps: [[MaskMap]]) throws -> [UInt8] {
    let image = allPixels ? MaskPicture.sheet(maps) : MaskPicture.panels(maps.flatMap { $0 })
    let stacks = maps.map { "\($0[0].stack)" }.joined(separator: "; ")
    return try PNG.encode(
      image, texts: [PNG.Text(key: "Software", value: "minim"), PNG.Text(key: "masks", value: stacks)])
  }
}

extension MaskMap {
  /// The map as JSON for scripts; pixels by their labels.
  fileprivate var json: JSON {
    func list(_ labels: [Int]) -> JSON { .array(labels.map { .integer($0) }) }
    return [
      "stack": .string(stack.masks.map(\.description).joined(separator: ",")),
      "residual": .bool(stack.wiring != .plain),
      "wiring": .string(stack.wiring.rawValue),
      "height": .integer(height), "width": .integer(width), "pixel": .integer(label(pixel)),
      "receptiveField": list(receptiveField), "blind": list(labels(.blind)), "autoregressive": .bool(isAutoregressive),
    ]
  }
}
