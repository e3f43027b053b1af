import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The claims of a flow, each with a control that must fail. All in Double.

extension RealNVP {
  /// F1: the map. F2: the KL in both coordinates. F3: the forward KL. F4: the reverse KL. F5: unseen whole numbers. F6: unseen
  /// rows. F7: the noise of whole numbers.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let precise = try trained.inDouble()
    let flow = try TrainedFlow(self, precise)
    let density = dimensions <= 2 ? trained.data.distribution?.density : nil
    let kl = density.map { density in trained.checking("F3") { flow.forwardKL(from: density) } }
    var claims = try trained.checking("F1") { try mapClaims(flow, precise) + changeClaims() }
    claims += try trained.checking("F2") { try coordinateClaims(flow, kl, precise) }
    claims += forwardClaims(kl, precise)
    claims += try trained.checking("F4") { try reverseClaims(flow, precise) }
    claims += try trained.checking("F5") { try levelCosts(precise)?.claims() ?? [] }
    claims += trained.checking("F6") { rowClaims(flow, precise) }
    claims += try trained.checking("F7") { try noiseClaims(precise) }
    return claims
  }

  // MARK: - F1

  private func mapClaims(_ flow: TrainedFlow, _ trained: Trained) throws -> [Claim] {
    let jacobians = try Jacobians(self, at: baseDraws(Self.points), trained)
    return try [jacobians.claim, roundTripClaim(flow, jacobians.condition, trained), massClaim(flow)]
  }

  /// Draws of the base for claims, row-major: the same for every seed.
  private func baseDraws(_ count: Int) -> [Double] {
    let key = RandomKey(seed: 0).folding(.evaluation)
    return (0..<UInt64(count * dimensions)).map { key.normal(at: $0) }
  }

  /// The points at which whole Jacobians are computed.
  private static let points = 16

  private func roundTripClaim(_ flow: TrainedFlow, _ condition: Double, _ trained: Trained) throws -> Claim {
    // For whole numbers with noise the flow ends in an interval, at whose ends numbers cannot be distinguished: then
    // the way goes from examples to the base and back.
    let isFromData = levels != nil
    let points = try isFromData ? roundTripPoints(1000, trained) : baseDraws(1000)
    func largest(_ back: [Double]) -> Double {
      zip(points, back).reduce(0) { Swift.max($0, Swift.abs($1.0 - $1.1) / Swift.max(1, Swift.abs($1.0))) }
    }
    let measured = largest(
      isFromData
        ? flow.forward(flow.inverse(points).points).points : flow.inverse(flow.forward(points).points).points)
    let tolerance = 1e-12 * Swift.max(100, condition)
    // The layers of the inverse in the wrong order, except for the change of unit.
    let layers = (self.flow as? Chain)?.bijectors ?? []
    let last = unit.bijector == nil ? 0 : 1
    let wrong = try TrainedFlow(
      Chain(layers.dropLast(last).reversed() + layers.suffix(last)), dimensions: dimensions, trained)
    let control = largest(
      isFromData
        ? wrong.forward(flow.inverse(points).points).points : wrong.inverse(flow.forward(points).points).points)
    let count = points.count / dimensions
    return Claim(
      Claim.Theorem(
        "F1b", "F and F^-1 undo each other", formula: #"F^{-1}(F(u)) = u, \quad F(F^{-1}(x)) = x"#, .identity),
      isFromData
        ? "largest |F(F^-1(x)) - x| / max(1, |x|) of \(count) examples"
        : "largest |F^-1(F(u)) - u| / max(1, |u|) of \(count) draws",
      measured: measured, .equal, 0, tolerance: tolerance, samples: count, details: [("condition", condition)],
      control: .init(
        "the inverses in the order of the layers", changed: "their order", measured: control,
        cannotFailIf: "the layers commute"))
  }

  private func massClaim(_ flow: TrainedFlow) -> Claim {
    let theorem = Claim.Theorem(
      "F1c", "the model's density has mass 1", formula: #"\int p_\theta(x)\,dx = 1"#, .identity)
    guard dimensions <= 2 else { return .notApplicable(theorem, "there is no grid over \(dimensions) dimensions") }
    let box = flow.forward(baseDraws(20_000).map { 1.25 * $0 }).box
    let (mass, control) = flow.mass(in: box, cells: Self.massCells)
    guard mass.error <= 1e-3 else {
      return .notApplicable(
        theorem,
        "half as many cells change the mass by \(mass.error.roundedToMillionths): the density is too sharp for them")
    }
    return Claim(
      theorem, "mass by a grid over a box that holds 20,000 samples", measured: mass.value, .equal, 1,
      tolerance: 1e-4 + 2 * mass.error, details: [("halfTheCells", mass.error)],
      control: .init(
        "without log |det dF^-1/dx|", changed: "the density", measured: control,
        cannotFailIf: Self.preservesVolumes))
  }

  static let preservesVolumes = "the map preserves volumes"

  private static let massCells = 600
}

/// Whole Jacobians dF/du by gradients, at some points.
private struct Jacobians {
  /// log |det| by LU decomposition, and by the flow.
  let full: [Double], logDets: [Double]
  /// The largest ratio of singular values.
  let condition: Double

  init(_ model: RealNVP, at points: [Double], _ trained: Trained) throws {
    let d = model.dimensions, n = points.count / d
    let u = Tensor.input("u", shape: [n, d])
    let (x, logDet) = model.flow.forwardAndLogDet(u)
    let rows = (0..<d).map { gradient(of: x.slice([0, $0], shape: [n, 1]).sum(), withRespectTo: [u])[0] }
    let values = try MinimAutodiff.evaluate(
      [logDet] + rows, parameters: trained.parameters.values, inputs: ["u": points])
    let matrices = (0..<n).map { point -> [Double] in
      (0..<d).flatMap { row -> ArraySlice<Double> in values[1 + row][point * d..<(point + 1) * d] }
    }
    logDets = values[0]
    full = try matrices.map { try LAPACK.logAbsDeterminant($0, n: d).logAbs }
    condition = try matrices.map { matrix in
      let values = try LAPACK.singularValues(matrix, n: d)
      return (values.first ?? .nan) / (values.last ?? .nan)
    }.reduce(1, Swift.max)
  }

  var claim: Claim {
    let theorem = Claim.Theorem(
      "F1", "the flow's log |det dF/du| is that of the whole Jacobian",
      formula: #"\sum_k \log |\det J_k| = \log |\det \partial F / \partial u|"#, .identity)
    guard condition < 1 / Double.ulpOfOne else {
      return .notApplicable(
        theorem, "a Jacobian is singular to the last digit, so that LU decomposition finds no determinant")
    }
    let scale = logDets.reduce(1) { Swift.max($0, abs($1)) }
    let measured = zip(full, logDets).map { abs($0 - $1) }.max() ?? .nan
    let control = zip(full, logDets).map { abs($0 + $1) }.max() ?? .nan
    return Claim(
      theorem, "largest difference at \(full.count) points, whole Jacobians by gradients", unit: "nats",
      measured: measured, .equal, 0, tolerance: 1e-10 * scale + 1e-14 * condition, samples: full.count,
      details: [("condition", condition)],
      control: .init(
        "log |det dF^-1/dx|", changed: "the determinant", measured: control,
        cannotFailIf: RealNVP.preservesVolumes))
  }
}
