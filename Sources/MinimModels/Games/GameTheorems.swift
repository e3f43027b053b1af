import MinimNN

/// Theorems that several games share.
enum GameTheorems {
  static let convergence = Claim.Theorem(
    "G0", "the run converges: the players end nearer to the equilibrium than they began",
    formula: #"\|z_K\| < \|z_0\|"#, .outcome)
  static let trajectory = Claim.Theorem("G1", "the trajectory is the one that the game's equations give", .identity)
  static let distance = "final distance over the initial one"
}
