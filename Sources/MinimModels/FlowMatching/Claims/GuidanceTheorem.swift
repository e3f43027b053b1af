import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// What guidance does to two normals of one value, a class N(0.8, s^2) with s = 0.5 among all, N(0, 1): the samples' deviation is
/// s^(1 + w), not that of the tilted density p(x given class)^(1 + w) p(x)^-w (DM9; Chidambaram, Gatmiry, Chen, Lee and Lu 2024,
/// "What does guidance do?").
struct GuidanceTheorem {
  let path: ProbabilityPath
  let trained: Trained

  /// Nil for the path `betaLinear`, whose noise keeps some of the data.
  func claim(guidance w: Double) throws -> Claim? {
    guard path != .betaLinear else { return nil }
    let theorem = Claim.Theorem(
      "DM9", "guided samples of a normal have the deviation s^(1 + w) / S^w, not that of the tilted density",
      formula: #"\operatorname{Std}[x] = \frac{s^{1 + w}}{S^w}"#, .identity)
    let own = MarginalField(path, means: [[0.8]], covariances: [[[0.25]]], weights: [1])
    let all = MarginalField(path, means: [[0]], covariances: [[[1]]], weights: [1])
    let flow = try FieldFlow(
      of: { own.velocity($0, $1) * (1 + w) - all.velocity($0, $1) * w }, dimensions: 1, steps: 400,
      divergences: .skipped, chunk: 2, trained)
    // The map is affine.
    let ends = flow.forward([0, 1]).points
    let tilted: Double = (1 + w) / 0.25 - w
    return Claim(
      theorem, "deviation of guided samples, w = \(w)", measured: ends[1] - ends[0], .equal,
      Elementary.exp((1 + w) * Elementary.log(0.5)), tolerance: 1e-7,
      control: .init(
        "that of the tilted density", changed: "the oracle", expected: tilted > 0 ? 1 / tilted.squareRoot() : .infinity,
        cannotFailIf: "the guidance is 0"))
  }
}
