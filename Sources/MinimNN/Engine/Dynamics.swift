import MinimConfiguration

/// The rule for how often, and where, a step evaluates the joint vector field v of the players. The optimizer decides
/// what is done with the field; every optimizer works under all of these dynamics.
///
/// All fields of a step use the same examples and the same random numbers.
public enum Dynamics: Sendable, Hashable {
  /// All players move at once, by the field at the parameters before the step.
  case simultaneous
  /// Players move one after the other, each by the field at the parameters that the players before have left. An empty
  /// order is that of the model. The first player moves `firstSteps` times before the others move once. An optimizer's
  /// state for a player is updated, and its bias corrected, each time the player moves.
  case alternating(order: [String] = [], firstSteps: Int = 1)
  /// Looks ahead to z' = z - rate v(z), and then steps from z by the field v(z') (Korpelevich 1976, "The extragradient
  /// method for finding saddle points and other problems"). The look ahead is plain, whatever the optimizer: only the
  /// step changes its state, once. With Adam only the step is preconditioned.
  case extragradient

  private enum Name: String, CaseIterable, Sendable { case simultaneous, alternating, extragradient }

  /// Reads the section "dynamics" of a config.
  public init(_ section: ConfigurationSection) {
    switch section.choice("name", default: Name.simultaneous, "In which order the players of a game move.") {
    case .simultaneous: self = .simultaneous
    case .extragradient: self = .extragradient
    case .alternating:
      self = .alternating(
        order: section.strings(
          "order", default: [], "The players, the first to move first; empty: as the model has them."),
        firstSteps: section.integer(
          "criticSteps", default: 1, in: 1...1000,
          "Moves of the first player, usually the critic, for one of the others."))
    }
  }

  /// The problem with the order for a game of these players, or nil.
  public func problem(players: [String]) -> String? {
    guard case .alternating(let order, _) = self, !order.isEmpty, order.sorted() != players.sorted() else { return nil }
    return "expected each of \(players.joined(separator: ", ")) once, got \(order.joined(separator: ", "))"
  }
}
