import ArgumentParser
import MinimSystem
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
      var file = try LineReader(directory.metrics)
      var waiting: [String] = []
      var isFirst = true
      while true {
        // Checked before the file is read, so that what is written last is read too.
        let isTraining = RunLock.isHeld(directory)
        // A resumed run may have cut the file back.
        if try FileStore().size(directory.metrics) < file.offset { file = try LineReader(directory.metrics) }
        // Whole lines only: another process may be writing the next one.
        while let line = try file.next() {
          waiting.append(String(decoding: line, as: UTF8.self).visible + "\n")
          if isFirst, waiting.count > max(0, lines) { waiting.removeFirst() }
        }
        if !waiting.isEmpty, try !Terminal.print(waiting.joined()) { return }
        (waiting, isFirst) = ([], false)
        if once || !isTraining { return }
        usleep(200_000)
      }
    }
  }
}
