import MinimAutodiff

/// The quantity that training minimizes: one scalar, the mean over the examples of a batch; or, in a game, one scalar
/// for each of several players, who move parameters of their own.
public struct Objective: Sendable {
  /// One of several players that minimize at once: its value and its parameters.
  public struct Player: Sendable {
    /// The name in dynamics: "critic".
    public let name: String
    /// The value that the player minimizes, of one element. A player that maximizes V, such as the critic of a zero-sum
    /// game, minimizes -V.
    public let value: Tensor
    /// The parameters that the player moves.
    public let parameters: [Tensor]

    /// Creates a player from a value to minimize and the parameters to move.
    public init(_ name: String, minimizing value: Tensor, by parameters: [Tensor]) {
      self.name = name
      self.value = value
      self.parameters = parameters
    }
  }

  /// The metric's name: "nll" in nats.
  public let name: String
  /// The metric, of one element: the value that is minimized, or, in a game, the value that a run shows.
  public let value: Tensor
  /// The players of a game, in the order of their turns unless the config changes it; empty if there is no game.
  public let players: [Player]
  /// The weight of consensus in the field, see `withConsensus`.
  public let consensus: Double

  /// Creates an objective, or a game with the name and the value of its metric.
  public init(_ name: String, _ value: Tensor, players: [Player] = []) {
    self.init(name, value, players, consensus: 0)
  }

  private init(_ name: String, _ value: Tensor, _ players: [Player], consensus: Double) {
    self.name = name
    self.value = value
    self.players = players
    self.consensus = consensus
  }

  /// The game in which all players also descend |v|^2 / 2, where v is the field: they follow v + weight grad |v|^2 / 2,
  /// by second derivatives (Mescheder, Nowozin and Geiger 2017, "The Numerics of GANs", section 4). The field of a
  /// batch in several shards is the mean of theirs, each with its own |v|^2.
  public func withConsensus(_ weight: Double) -> Objective {
    Objective(name, value, players, consensus: weight)
  }

  /// The field that an optimizer follows: the gradient of each player's own value by its own parameters (the vector
  /// field of a game; Mescheder, Nowozin and Geiger 2017, equation 4, up to the sign).
  ///
  /// - Parameters:
  ///   - variables: all parameters, each of which must belong to exactly one player of a game.
  ///   - name: the player whose part of the field is wanted, zero elsewhere; nil for the whole field.
  package func field(_ variables: [Tensor], moving name: String? = nil) -> [Tensor] {
    var field = ownGradients(variables)
    if consensus != 0 {
      let energy = field.dropFirst().reduce(square(field[0]).sum()) { $0 + square($1).sum() } * 0.5
      field = zip(field, gradient(of: energy, withRespectTo: variables)).map { $0 + consensus * $1 }
    }
    guard let name else { return field }
    guard let mover = players.first(where: { $0.name == name }) else { mistake("no player is called \(name)") }
    return zip(variables, field).map { variable, derivative in
      mover.parameters.contains { $0 === variable } ? derivative : .constant(0, shape: variable.shape)
    }
  }

  private func ownGradients(_ variables: [Tensor]) -> [Tensor] {
    guard !players.isEmpty else { return gradient(of: value, withRespectTo: variables) }
    var gradients: [ObjectIdentifier: Tensor] = [:]
    for player in players {
      let derivatives = gradient(of: player.value, withRespectTo: player.parameters)
      for (parameter, derivative) in zip(player.parameters, derivatives) {
        let isNew = gradients.updateValue(derivative, forKey: ObjectIdentifier(parameter)) == nil
        require(isNew, "a parameter of \(player.name) belongs to two players, or twice to one")
      }
    }
    let field = variables.compactMap { gradients[ObjectIdentifier($0)] }
    require(
      field.count == variables.count && gradients.count == variables.count,
      "of \(variables.count) parameters \(field.count) belong to a player, and players have \(gradients.count)")
    return field
  }
}

extension ParameterLayout {
  /// The parameters of one scope, or the parameter at that path: those of a player.
  public func tensors(in scope: String) -> [Tensor] {
    entries.filter { $0.path == scope || $0.path.hasPrefix(scope + ".") }.map(\.tensor)
  }
}
