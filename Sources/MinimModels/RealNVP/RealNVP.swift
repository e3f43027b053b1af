import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// A normalizing flow of affine couplings (Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP"):
/// u ~ N(0, I), x = F(u), and
///
///     log p(x) = log N(F^-1(x); 0, I) + log |det dF^-1/dx|
///
/// It starts as the identity, or as the affine map that normalizes the data.
public struct RealNVP: Sendable {
  /// The configuration.
  public let configuration: RealNVPConfiguration
  /// The extents of an example.
  public let exampleShape: [Int]
  /// F, from the base to the data.
  public let flow: any Bijector
  /// The density to be learned, if it is known as an expression.
  public let target: (any DifferentiableDensity)?
  /// The map between the unit of the couplings and that of the data.
  package let unit: DataUnit
  /// The weights and biases.
  public let parameters: ParameterLayout
  /// F with parameters behind a stop-gradient; nil if no gradient needs it.
  let stoppedFlow: (any Bijector)?

  /// Creates a model of examples of the given extents, with its parameters in `scope`.
  ///
  /// - Parameters:
  ///   - configuration: couplings and objective.
  ///   - exampleShape: the extents of an example.
  ///   - target: the target of a reverse KL.
  ///   - levels: the number of levels, if the data are whole numbers from 0 on.
  ///   - scaling: the map from the unit of the couplings to that of the data; ignored if there are levels.
  ///   - rows: some of the data, as they reach the `ActNorm` that starts from them.
  ///   - scope: the scope of its parameters.
  public init(
    _ configuration: RealNVPConfiguration, exampleShape: [Int], target: (any DifferentiableDensity)? = nil,
    levels: Int? = nil, scaling: Scaling? = nil, normalizing rows: [[Double]] = [], _ scope: ParameterScope = .init()
  ) {
    unit = DataUnit(levels: levels, scaling: scaling)
    self.configuration = configuration
    self.exampleShape = exampleShape
    self.target = target
    flow = Self.flow(configuration, exampleShape, unit, rows, scope)
    parameters = scope.layout
    stoppedFlow =
      configuration.pathGradient ? Self.flow(configuration, exampleShape, unit, rows, scope.stopping) : nil
  }

  /// Creates a model with parts in place of its own, to count their calls, or to test a wrong one.
  package init(
    _ model: RealNVP, flow: (any Bijector) -> any Bijector,
    target: (any DifferentiableDensity) -> any DifferentiableDensity = { $0 }
  ) {
    (configuration, exampleShape, unit, parameters) =
      (model.configuration, model.exampleShape, model.unit, model.parameters)
    self.flow = flow(model.flow)
    self.target = model.target.map(target)
    stoppedFlow = model.stoppedFlow.map(flow)
  }

  private static func flow(
    _ configuration: RealNVPConfiguration, _ exampleShape: [Int], _ unit: DataUnit, _ rows: [[Double]],
    _ scope: ParameterScope
  ) -> any Bijector {
    let d = exampleShape.reduce(1, *)
    var parts: [any Bijector] =
      configuration.affine
      ? [
        Affine(scope.scope("affine"), dimensions: d, bias: configuration.start, deviation: configuration.startDeviation)
      ] : []
    for index in 0..<configuration.couplings {
      parts.append(
        AffineCoupling(
          scope.scope("couplings.\(index)"), mask(index, configuration.masking, exampleShape),
          hidden: configuration.hidden, configuration.activation, bound: configuration.bound))
      guard configuration.actNorm else { continue }
      // Data come from the other end: the last coupling meets them first, and after it they are already normalized.
      let isFirst = index == configuration.couplings - 1
      parts.append(
        ActNorm(scope.scope("norms.\(index)"), dimensions: d, normalizing: isFirst ? rows : [], .inverse))
    }
    if configuration.actNorm, configuration.couplings == 0 {
      parts.append(ActNorm(scope.scope("norm"), dimensions: d, normalizing: rows, .inverse))
    }
    return Chain(parts + (unit.bijector.map { [$0] } ?? []))
  }

  /// Creates a model of data, with their density if it is known.
  public init(_ configuration: RealNVPConfiguration, of data: DataSplit, _ scope: ParameterScope = .init()) {
    let d = data.exampleShape.reduce(1, *)
    let rows = configuration.actNorm ? data.rows?.values.map(Double.init) ?? [] : []
    let values = DataUnit(levels: data.levels, scaling: data.scaling).entering(rows)
    self.init(
      configuration, exampleShape: data.exampleShape, target: data.distribution?.differentiable,
      levels: data.levels, scaling: data.scaling,
      normalizing: stride(from: 0, to: values.count, by: d).map { Array(values[$0..<$0 + d]) }, scope)
  }

  /// The number of levels if the data are whole numbers from 0 on; the density is then one of values with noise.
  public var levels: Int? { unit.levels }
  /// The map from the unit of the couplings to that of the data; nil if they are one, or if there are levels.
  public var scaling: Scaling? { unit.scaling }

  /// The number of values of an example.
  public var dimensions: Int { exampleShape.reduce(1, *) }

  /// The mask of coupling `index`: each keeps what the previous one has changed.
  private static func mask(
    _ index: Int, _ masking: RealNVPConfiguration.Masking, _ exampleShape: [Int]
  ) -> CouplingMask {
    let d = exampleShape.reduce(1, *)
    let mask: CouplingMask =
      switch masking {
      case .alternating: .alternating(d)
      case .half: .half(d)
      case .checkerboard: .checkerboard(height: exampleShape[0], width: exampleShape[1])
      }
    return index % 2 == 0 ? mask : mask.complement
  }

  /// log N(u; 0, I) of rows of the base: [n, d] to [n]; nats.
  public func baseLogProb(_ u: Tensor) -> Tensor { DiagonalNormal.standard(shape: u.shape).logProb(u) }

  /// log p(x) of examples [n, ...]: [n]; nats.
  public func logProb(_ x: Tensor) -> Tensor {
    let (u, logDet) = flow.inverseAndLogDet(x.reshape([x.shape[0], dimensions]))
    return baseLogProb(u) + logDet
  }

  /// log p(F(u)) - log target(F(u)) of draws u of the base: [n, d] to [n]; nats. Its mean is KL(model, target), for a
  /// target whose density is raised to the power `factor`, up to a constant.
  ///
  ///     log N(u) - log |det dF/du| - log target(F(u))
  ///
  /// (Papamakarios et al. 2021, "Normalizing Flows for Probabilistic Modeling and Inference", equation 17).
  package func logRatio(_ u: Tensor, to target: any DifferentiableDensity, factor: Tensor? = nil) -> Tensor {
    let (x, logDet) = flow.forwardAndLogDet(u)
    let logTarget = target.logProb(x)
    return logProb(ofDraws: x, u, logDet) - (factor.map { $0 * logTarget } ?? logTarget)
  }

  /// log p(x) at x = F(u), [n]. By the path gradient the density has parameters behind a stop-gradient, so that only x
  /// moves with them: the omitted term, the mean of d log p(x) / d parameters at fixed x, is 0 (Roeder, Wu and Duvenaud
  /// 2017, "Sticking the Landing", section 4; Vaitl, Nicoli, Nakajima and Kessel 2022, "Gradients should stay on
  /// Path").
  private func logProb(ofDraws x: Tensor, _ u: Tensor, _ logDet: Tensor) -> Tensor {
    guard let stoppedFlow else { return baseLogProb(u) - logDet }
    let (back, inverseLogDet) = stoppedFlow.inverseAndLogDet(x)
    return baseLogProb(back) + inverseLogDet
  }
}
