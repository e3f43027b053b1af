import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// SimSiam (Chen and He 2021, "Exploring Simple Siamese Representation Learning") with linear maps and the squared
/// distance as the loss, J = E |Wp W x1 - W x2|^2 / 2 over two views x = xbar + e of an example. It is small enough
/// that its gradients, its laws and its equilibria are known (Tian, Chen and Ganguli 2021, "Understanding
/// self-supervised Learning Dynamics without Contrastive Pairs"). With stop-gradient the second branch is a target: J
/// has the same value, and another gradient.
public struct LinearSimSiam: Sendable {
  /// The configuration.
  public let configuration: LinearSimSiamConfiguration
  /// "encoder", [k, d], and "predictor", [k, k], if there is one.
  public let parameters: ParameterLayout

  let encoder: Tensor
  let predictor: Tensor?

  /// Creates a model with its parameters in `scope`.
  public init(_ configuration: LinearSimSiamConfiguration, _ scope: ParameterScope = .init()) {
    self.configuration = configuration
    let (w, p) = (configuration.encoder, configuration.predictor)
    encoder = scope.parameter("encoder", shape: [w.rows, w.columns], .values(w.values))
    predictor =
      configuration.hasPredictor ? scope.parameter("predictor", shape: [p.rows, p.columns], .values(p.values)) : nil
    parameters = scope.layout
  }

  /// d and k.
  var inputs: Int { configuration.encoder.columns }
  var outputs: Int { configuration.encoder.rows }

  /// The matrices of the two branches: the prediction and the target.
  private var branches: (prediction: Tensor, target: Tensor) {
    (predictor.map { matmul($0, encoder) } ?? encoder, configuration.stopGradient ? stopGradient(encoder) : encoder)
  }

  /// J as four traces, of E x1 x1^T, E x2 x2^T and E x1 x2^T, [d, d] each.
  func loss(_ first: Tensor, _ second: Tensor, _ cross: Tensor) -> Tensor {
    let (p, t) = branches
    func trace(_ a: Tensor, _ m: Tensor, _ b: Tensor) -> Tensor { (matmul(a, m) * b).sum() }
    return 0.5 * (trace(p, first, p) - trace(p, cross, t) - trace(t, cross.transpose([1, 0]), p) + trace(t, second, t))
  }

  /// The mean of |Wp W x1 - W x2|^2 / 2 over pairs of views, [count, d] each.
  func loss(views first: Tensor, _ second: Tensor) -> Tensor {
    let (p, t) = branches
    let distance = matmul(first, p.transpose([1, 0])) - matmul(second, t.transpose([1, 0]))
    return 0.5 * square(distance).sum(axes: [1]).mean()
  }

  /// J, the expectation.
  var expectation: Tensor {
    func constant(_ m: Matrix) -> Tensor { .constant(m.values, shape: [m.rows, m.columns]) }
    return loss(constant(total), constant(total), constant(configuration.shared))
  }

  /// X + X', the covariance of a view.
  var total: Matrix { configuration.shared.adding(configuration.augmentation) }

  /// Two views for each of `count` examples: xbar + e1 and xbar + e2.
  package func views(_ count: Int) -> (Tensor, Tensor) {
    let d = inputs
    let noise = Tensor.normal(shape: [count, 3 * d], purpose: .model)
    func draw(_ part: Int, _ covariance: Matrix) -> Tensor {
      // Positive definite: the config was checked.
      let factor = Cholesky(covariance)?.factor ?? .identity(d)
      return matmul(
        noise.slice([0, part * d], shape: [count, d]), Tensor.constant(factor.values, shape: [d, d]).transpose([1, 0]))
    }
    let shared = draw(0, configuration.shared)
    return (shared + draw(1, configuration.augmentation), shared + draw(2, configuration.augmentation))
  }

  /// The encoder descends J, the predictor at its own rate, and both shrink.
  ///
  /// - Parameter loss: J.
  func objective(_ loss: Tensor) -> Objective {
    let decay = configuration.weightDecay / 2
    let ofEncoder = decay == 0 ? loss : loss + decay * square(encoder).sum()
    guard let predictor else { return Objective("loss", ofEncoder) }
    let scaled = configuration.predictorRate == 1 ? loss : configuration.predictorRate * loss
    return Objective(
      "loss", loss,
      players: [
        .init("encoder", minimizing: ofEncoder, by: [encoder]),
        .init(
          "predictor", minimizing: decay == 0 ? scaled : scaled + decay * square(predictor).sum(), by: [predictor]),
      ])
  }

  /// The matrices of a parameter vector.
  package func matrices(_ values: [[Double]]) -> SimSiamLaws.State {
    .init(
      encoder: Matrix(outputs, inputs, values[0]),
      predictor: values.count > 1 ? Matrix(outputs, outputs, values[1]) : nil)
  }

  func matrices(_ trained: Trained) -> SimSiamLaws.State {
    matrices(parameters.entries.map { trained.parameters[$0] })
  }

  /// The initial matrices.
  package var start: SimSiamLaws.State {
    .init(encoder: configuration.encoder, predictor: configuration.hasPredictor ? configuration.predictor : nil)
  }

  /// The model's laws.
  package var laws: SimSiamLaws {
    SimSiamLaws(
      stopGradient: configuration.stopGradient, shared: configuration.shared, augmentation: configuration.augmentation,
      weightDecay: configuration.weightDecay, predictorRate: configuration.predictorRate)
  }
}
