import MinimFiles
import MinimTraining

/// What a run takes from another and what not, for the terminal.
enum InitialParametersText {
  static func lines(
    _ initial: InitialParameters, _ kept: KeptParameters, of run: String, configHash: String
  ) -> [String] {
    let count = initial.matched.count + initial.reshaped.count + initial.missing.count
    let share = initial.matched.count == count ? "all" : "\(initial.matched.count) of"
    return [
      "From \(run) (config \(configHash.prefix(12))): \(share) \(count) parameters match. \(kept.description)"
    ]
      + listed("other shape", initial.reshaped.map { "\($0.own.path) \($0.own.shape) here, \($0.other) there" })
      + listed("only here", initial.missing.map { "\($0.path) \($0.shape)" })
      + listed("only there", initial.unused.map { "\($0.path) \($0.shape)".visible })
  }

  private static func listed(_ title: String, _ names: [String]) -> [String] {
    guard !names.isEmpty else { return [] }
    let more = names.count > most ? ["  ... and \(names.count - most) more"] : []
    return names.prefix(most).map { "  \(title): \($0)" } + more
  }

  private static let most = 20
}
