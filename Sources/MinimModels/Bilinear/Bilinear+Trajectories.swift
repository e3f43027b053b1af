import MinimNN

extension Trajectories {
  /// The trajectories of a bilinear game without noise.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  public convenience init(_ game: Bilinear, _ rule: UpdateRule, _ trained: Trained) throws {
    try self.init(game.parameters, rule, trained) { _ in game.game(noise: nil) }
  }
}
