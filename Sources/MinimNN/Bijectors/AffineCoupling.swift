import MinimAutodiff

/// An affine coupling: some dimensions stay, and the others are scaled and shifted by functions of them,
///
///     y_kept = x_kept,  y_changed = x_changed exp(s(x_kept)) + t(x_kept),  log |det dy/dx| = sum of s(x_kept)
///
/// (Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP", eq. 4 to 8). The net takes only the kept
/// columns and returns only the changed ones: nothing is multiplied by a mask.
public struct AffineCoupling: Bijector {
  /// The bound of s.
  public enum Bound: String, CaseIterable, Sendable {
    /// s is the net's output.
    case none
    /// s = range tanh(the net's output), with one learned range that starts at 1.
    case shared
    /// The same with one range for each changed dimension ("hyperbolic tangent with learned scale", section 4.1 of the
    /// paper).
    case perDimension = "per-dimension"
  }

  /// The dimensions that stay.
  public let mask: CouplingMask
  private let net: any Layer
  private let range: Tensor?

  /// Creates a coupling from its parts.
  ///
  /// - Parameters:
  ///   - mask: the kept and the changed dimensions.
  ///   - net: [n, kept] to [n, 2 changed]: s for each changed dimension, then t.
  ///   - range: [1] or [changed]; then s is range tanh(the net's output), otherwise the net's output.
  public init(_ mask: CouplingMask, net: any Layer, range: Tensor? = nil) {
    let changed = mask.changed.count
    require(
      range.map { $0.shape == [1] || $0.shape == [changed] } ?? true,
      "a range of shape \(range?.shape ?? []) for \(changed) changed dimensions")
    self.mask = mask
    self.net = net
    self.range = range
  }

  /// Asks the scope for a net "net" whose last layer starts with zeros, so that the coupling starts as the identity,
  /// and for "range" if the bound has one.
  ///
  /// - Parameters:
  ///   - scope: the scope of its parameters.
  ///   - mask: the kept and the changed dimensions.
  ///   - hidden: the widths of the net's hidden layers.
  ///   - activation: the activation of the hidden layers.
  ///   - bound: the bound of the scales.
  public init(
    _ scope: ParameterScope, _ mask: CouplingMask, hidden: [Int], _ activation: Activation, bound: Bound = .perDimension
  ) {
    let (kept, changed) = (mask.kept.count, mask.changed.count)
    let net = MultilayerPerceptron(
      scope.scope("net"), widths: [kept] + hidden + [2 * changed], activation, last: .zeros)
    func range(_ count: Int) -> Tensor { scope.parameter("range", shape: [count], .constant(1)) }
    switch bound {
    case .none: self.init(mask, net: net)
    case .shared: self.init(mask, net: net, range: range(1))
    case .perDimension: self.init(mask, net: net, range: range(changed))
    }
  }

  /// [n, d] to [n, d] and [n].
  public func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
    let (kept, changed) = mask.split(x)
    let (s, t) = logScaleAndShift(kept)
    return (mask.joined(kept, changed * exp(s) + t), s.sum(axes: [1]))
  }

  /// x_changed = (y_changed - t(y_kept)) exp(-s(y_kept)): [n, d] to [n, d] and [n].
  public func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) {
    let (kept, changed) = mask.split(y)
    let (s, t) = logScaleAndShift(kept)
    return (mask.joined(kept, (changed - t) * exp(-s)), -s.sum(axes: [1]))
  }

  /// s and t: [n, changed] each.
  private func logScaleAndShift(_ kept: Tensor) -> (s: Tensor, t: Tensor) {
    let shape = [kept.shape[0], mask.changed.count]
    let code = net(kept)
    require(
      code.shape == [shape[0], 2 * shape[1]],
      "the net of a coupling gives [n, 2 changed], \([shape[0], 2 * shape[1]]), not \(code.shape)")
    let raw = code.slice([0, 0], shape: shape)
    return (range.map { $0 * tanh(raw) } ?? raw, code.slice([0, shape[1]], shape: shape))
  }
}
