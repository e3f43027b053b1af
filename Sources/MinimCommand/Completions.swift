import ArgumentParser
import MinimFiles
import MinimTraining

// What a shell offers as the next word. `--generate-completion-script bash|zsh|fish` of each program writes the script.

extension CompletionKind {
  /// Runs in the folder of runs: nobody knows their names by heart.
  static var run: CompletionKind {
    .custom { _, _, _ in
      [RunDirectory.latest] + ((try? RunDirectory.all(in: TrainingOptions.runsFolder)) ?? []).map(\.name)
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
