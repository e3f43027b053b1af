import ArgumentParser
import MinimFiles
import MinimTraining

// What a shell offers as the next word. `--generate-completion-script bash|zsh|fish` of each program writes the script.

extension CompletionKind {
  /// Runs and sweeps in the folder of runs, or the runs of the sweep that was typed with a slash: nobody knows their
  /// names by heart.
  static var run: CompletionKind {
    .custom { _, _, prefix in
      let runs = TrainingOptions.runsFolder
      guard let slash = prefix.lastIndex(of: "/") else {
        // A shell shows the names as they are.
        let names = ((try? RunFolder.all(in: runs)) ?? []).map(\.name)
        return [RunDirectory.latest] + names.filter { $0 == $0.visible }
      }
      guard case .sweep(let path)? = try? RunFolder.locate(String(prefix[..<slash]), in: runs) else { return [] }
      return SweepDirectory(recovering: path).members.map { String(prefix[...slash]) + $0.id }
    }
  }

  /// Configs by name, including those that come with Minim, or the files of a folder that was typed.
  static var config: CompletionKind {
    .custom { _, _, prefix in
      guard let slash = prefix.lastIndex(of: "/") else {
        let own = ((try? FileStore().list(".")) ?? []).filter { $0.hasSuffix(".json") }
        return own + ConfigFiles.all.map(Path.name)
      }
      let folder = String(prefix[...slash])
      return ((try? FileStore().list(folder)) ?? []).map { folder + $0 }
        .compactMap { FileStore().isFolder($0) ? $0 + "/" : $0.hasSuffix(".json") ? $0 : nil }
    }
  }
}

/// `train` as a shell sees it: with its sub-commands, which `Programs` tells apart by their first word.
struct TrainCompletions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", subcommands: [ResumeTraining.self, SweepTraining.self])

  @OptionGroup var command: TrainCommand

  /// Whether the words ask for completions instead of training.
  static func areAsked(by arguments: [String]) -> Bool {
    arguments.first?.hasPrefix("--generate-completion-script") == true || arguments.first == "---completion"
  }
}
