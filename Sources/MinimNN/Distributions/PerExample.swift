import MinimAutodiff

// What the distributions share: their first axis counts examples, and all their figures are in nats.

extension Tensor {
  /// The sum over all axes but the first: [n, ...] to [n].
  func sumPerExample() -> Tensor { sum(axes: Array(shape.indices.dropFirst())) }
}

/// log(2 pi) / 2, what a standard normal's negative log density is at its mean, in nats (OEIS A075700).
package let halfLogTwoPi = 0.918938533204672741780329736406
