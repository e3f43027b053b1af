import MinimKernels

// Curves drawn with a round normal as the pen. Points along a curve with noise added have a density that is an
// integral; here it is a sum over points of the curve that are at most one deviation of the noise apart. What is left
// of the single components are ripples along the curve of 2 exp(-2 pi^2) = 5e-9 of its height: no plot, no sample and
// no net can see them.
// net can see them.

extension GaussianMixture {
  /// Two interlocking half circles of radius 1 with their common mean at the origin. With the noise of 0.1 there are 32
  /// components on each.
  public static func twoMoons(noise: Double = 0.1) -> GaussianMixture {
    let count = Int((Double.pi / noise).rounded(.up))
    let upper = (0..<count).map { k in
      let angle = Double.pi * (Double(k) + 0.5) / Double(count)
      return [Elementary.cos(angle) - 0.5, Elementary.sin(angle) - 0.25]
    }
    return along(upper, name: "two moons, noise \(noise)", noise: noise)
  }

  /// Two Archimedean spirals, r proportional to the angle, half a turn apart. With 1.5 turns, radius 3 and noise 0.1
  /// there are 147 components on each.
  public static func spirals(turns: Double = 1.5, radius: Double = 3, noise: Double = 0.1) -> GaussianMixture {
    let end = 2 * Double.pi * turns
    let length = spiralLength(end)
    let count = Int((length * radius / end / noise).rounded(.up))
    let arm = (0..<count).map { k in
      let angle = spiralAngle(length * (Double(k) + 0.5) / Double(count), end: end)
      return [Elementary.cos(angle), Elementary.sin(angle)].map { $0 * radius * angle / end }
    }
    return along(arm, name: "two spirals of \(turns) turns, noise \(noise)", noise: noise)
  }

  /// Components of equal weight on a curve and on its image by point reflection.
  private static func along(_ curve: [[Double]], name: String, noise: Double) -> GaussianMixture {
    let means = curve + curve.map { $0.map { -$0 } }
    return GaussianMixture(name: name, means: means, sigmas: means.map { _ in noise })
  }

  /// The length of the spiral r = angle from 0 on: (t sqrt(1 + t^2) + arsinh t) / 2.
  private static func spiralLength(_ t: Double) -> Double {
    let root = (1 + t * t).squareRoot()
    return (t * root + Elementary.log(t + root)) / 2
  }

  /// The inverse of `spiralLength` by bisection, to the last bits.
  private static func spiralAngle(_ length: Double, end: Double) -> Double {
    var (low, high) = (0.0, end)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if spiralLength(middle) < length { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
