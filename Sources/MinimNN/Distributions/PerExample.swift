import MinimAutodiff

// Shared parts of the distributions: their first axis counts examples, and all quantities are in nats.

extension Tensor {
  /// The sum over all axes but the first: [n, ...] to [n].
  func sumPerExample() -> Tensor { sum(axes: Array(shape.indices.dropFirst())) }
}

/// log(2 pi) / 2, a standard normal's negative log density at its mean, in nats (OEIS A075700).
package let halfLogTwoPi = 0.918938533204672741780329736406
