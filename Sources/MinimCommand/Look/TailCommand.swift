import ArgumentParser
import Glibc
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim tail RUN`.
struct TailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Print the last metrics of a run, and new ones while it trains.")

  @OptionGroup var argument: RunArgument

  @Option(help: "Number of lines to print first.")
  var lines = 10

  @Flag(help: "Do not wait for new lines.")
  var once = false

  func run() throws {
    try reporting {
      let directory = try argument.locate()
      var shown = 0
      var isFirst = true
      while true {
        // Checked before the file is read, so that what is written last is read too.
        let isTraining = RunLock.isHeld(directory)
        let bytes = try FileStore().read(directory.metrics)
        // Whole lines only: another process may be writing the next one.
        let whole = bytes.prefix((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)
        let all = whole.split(separator: UInt8(ascii: "\n"))
        // A resumed run may have cut the file back.
        if all.count < shown { shown = 0 }
        let new = isFirst ? all.suffix(max(0, lines)) : all.dropFirst(shown)
        let text = new.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        if !text.isEmpty, try !Terminal.print(text) { return }
        (shown, isFirst) = (all.count, false)
        if once || !isTraining { return }
        usleep(200_000)
      }
    }
  }
}
