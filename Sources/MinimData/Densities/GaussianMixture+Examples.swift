import MinimKernels

extension GaussianMixture {
  /// 0.5 N(-1, 0.5^2) + 0.5 N(1.5, 0.7^2), in one dimension. Entropy 1.53689037519832 nats; no affine map of a normal
  /// comes nearer than KL 0.211455408746.
  public static let twoHumps = GaussianMixture(
    name: "two humps in one dimension", means: [[-1], [1.5]], sigmas: [0.5, 0.7])

  /// Four clusters of deviation 0.35 on the axes, 1.5 from the origin. Entropy 2.11755421314949 nats; no affine map of
  /// a normal comes nearer than KL 0.941464401903, and no map of each value by itself nearer than 0.578677231092.
  public static let fourClusters = ring(components: 4, radius: 1.5, sigma: 0.35)

  /// Round clusters of equal weight on a circle, the first on the first axis. Eight of them on radius 2 are the usual
  /// test for lost modes.
  public static func ring(components: Int = 8, radius: Double = 2, sigma: Double = 0.1) -> GaussianMixture {
    let means = (0..<components).map { k in
      let angle = 2 * Double.pi * Double(k) / Double(components)
      return [radius * Elementary.cos(angle), radius * Elementary.sin(angle)]
    }
    return GaussianMixture(
      name: "ring of \(components) clusters, radius \(radius), sigma \(sigma)", means: means,
      sigmas: means.map { _ in sigma })
  }

  /// One normal of two correlated values: an affine map of a normal reaches it to the last digit, a map of each value
  /// by itself does not.
  public static func correlatedNormal(
    mean: [Double] = [1, -1], deviations: [Double] = [1, 1], correlation: Double = 0.8
  ) -> GaussianMixture {
    precondition(mean.count == 2 && deviations.count == 2 && abs(correlation) < 1, "no normal of two values")
    let (a, b) = (deviations[0], deviations[1])
    return GaussianMixture(
      name: "normal with correlation \(correlation)", means: [mean],
      covariances: [[[a * a, correlation * a * b], [correlation * a * b, b * b]]])
  }
}
