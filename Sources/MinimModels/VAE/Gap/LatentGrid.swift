import MinimAutodiff
import MinimKernels
import MinimNN

/// A grid over one or two latent variables for the trapezoid rule. For smooth functions that vanish at the edge it
/// converges faster than any power of the spacing (Trefethen and Weideman 2014, "The Exponentially Convergent
/// Trapezoidal Rule").
package struct LatentGrid: Sendable {
  /// Points along each latent variable, from -reach to reach.
  package let side: Int, reach: Double

  package init(side: Int, reach: Double) {
    self.side = side
    self.reach = reach
  }

  /// A grid finer than the posteriors of small decoders, unless the likelihood is very narrow. Of the prior, 1e-15 lies
  /// outside; two grids with the same reach do not differ in what they leave out.
  package static let fine = LatentGrid(side: 401, reach: 8)
  /// Every second point: the difference from the fine grid is the error of the coarse one, far above that of the fine.
  package static let coarse = LatentGrid(side: 201, reach: 8)

  var spacing: Double { 2 * reach / Double(side - 1) }

  /// [side^latent, latent]
  package func points(latent: Int) -> Tensor {
    let count = latent == 1 ? side : side * side
    return .constant((0..<count).flatMap { point($0, latent: latent) }, shape: [count, latent])
  }

  /// One of the points by its number.
  func point(_ index: Int, latent: Int) -> [Double] {
    let places = latent == 1 ? [index] : [index / side, index % side]
    return places.map { -reach + Double($0) * spacing }
  }
}

extension NormalPoints {
  /// Creates the trapezoid rule against a standard normal.
  init(trapezoid grid: LatentGrid, dimensions d: Int) {
    let points = (0..<(d == 1 ? grid.side : grid.side * grid.side)).map { grid.point($0, latent: d) }
    let scale = Elementary.power(grid.spacing / (2 * Double.pi).squareRoot(), d)
    self.init(
      points: points.flatMap { $0 },
      weights: points.map { scale * Elementary.exp(-$0.reduce(0) { $0 + $1 * $1 } / 2) }, dimensions: d)
  }
}

extension VAE {
  /// Whether log p(x) can be computed on a grid.
  var hasLatentGrid: Bool { configuration.latent <= 2 }

  /// log p(x) in nats, [n]: the logarithm of the sum over a grid of p(z) p(x | z). Whatever depends on the grid only is
  /// computed once for all examples.
  package func logProb(_ x: Tensor, on grid: LatentGrid) -> Tensor {
    let points = grid.points(latent: configuration.latent)
    return (logJoint(x, points) + Double(configuration.latent) * Elementary.log(grid.spacing)).logSumExp()
  }

  /// log p(x, z) in nats of each example with each of some points [points, latent]: [n, points], as one product of
  /// matrices.
  func logJoint(_ x: Tensor, _ points: Tensor) -> Tensor {
    let flat = scaling.normalized(x.reshape([x.shape[0], inputs]))
    let output = decode(points)  // [points, inputs]
    let prior = DiagonalNormal.standard(shape: points.shape).logProb(points)
    switch configuration.likelihood {
    case .bernoulli:
      // sum_i x_i l_i - softplus(l_i)
      return matmul(flat, output.transpose()) + (prior - softplus(output).sum(axes: [1]))
    case .gaussian:
      // -|x - m|^2 / (2 s^2) - inputs log(s sqrt(2 pi)), multiplied out.
      let precision = 1 / square(standardDeviation)
      let own = square(output).sum(axes: [1]) * precision * 0.5
      let theirs = square(flat).sum(axes: [1]) * precision * 0.5
      let constant = (log(standardDeviation) + 0.5 * Elementary.log(2 * Double.pi)) * Double(inputs)
      return inUnitOfData(
        matmul(flat, output.transpose()) * precision + (prior - own) - (theirs + constant).reshape([x.shape[0], 1]))
    }
  }
}
