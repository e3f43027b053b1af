import ArgumentParser

/// `minim masks`.
struct MasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "masks", abstract: "Show what the masks of a stack let a pixel see.")
  func run() throws {}
}
