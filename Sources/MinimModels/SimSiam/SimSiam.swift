import MinimAutodiff
import MinimData
import MinimNN

/// SimSiam (Chen and He 2021, "Exploring Simple Siamese Representation Learning"): a net learns to predict, from one
/// random view of an image, its projection of another view, by the cosine between the two. Without stop-gradient or
/// without a predictor all images become the same. Rows of numbers are learned like images; their views differ by noise.
public struct SimSiam: Sendable {
  /// The configuration.
  public let configuration: SimSiamConfiguration
  /// The parameters of "encoder", "projector" and "predictor".
  public let parameters: ParameterLayout
  /// Height, width and channels, 1, of an image, or the number of values of a row.
  public let exampleShape: [Int]
  /// The map from the unit of the nets, in which white is 1, to that of the data; nil if they are one.
  let scaling: Scaling?

  private enum Encoder {
    case mlp(NormalizedPerceptron)
    case convolution(NormalizedConvolutions)
  }

  private let encoder: Encoder
  private let projector: NormalizedPerceptron
  private let predictor: NormalizedPerceptron?

  /// Creates nets with their parameters in `scope`, for images of one channel or for rows.
  public init(
    _ configuration: SimSiamConfiguration, exampleShape: [Int], scaling: Scaling? = nil,
    _ scope: ParameterScope = .init()
  ) {
    self.configuration = configuration
    self.exampleShape = exampleShape
    self.scaling = scaling
    let isProjected = !configuration.projector.isEmpty
    let first = scope.scope("encoder")
    encoder =
      switch configuration.encoder {
      case .mlp:
        .mlp(
          NormalizedPerceptron(
            first, widths: [exampleShape.reduce(1, *)] + configuration.hidden + [configuration.outputs],
            isNormalized: configuration.batchNorm, normalizesOutputs: !isProjected && configuration.outputNorm))
      case .convolution:
        .convolution(
          NormalizedConvolutions(
            first, shape: exampleShape, channels: configuration.hidden, outputs: configuration.outputs,
            isNormalized: configuration.batchNorm, normalizesOutputs: !isProjected && configuration.outputNorm))
      }
    projector = NormalizedPerceptron(
      scope.scope("projector"), widths: [configuration.outputs] + configuration.projector,
      isNormalized: configuration.batchNorm, normalizesOutputs: configuration.outputNorm)
    let width = projector.outputs
    predictor =
      configuration.predictor == .mlp
      ? NormalizedPerceptron(
        scope.scope("predictor"), widths: [width] + configuration.predictorHidden + [width],
        isNormalized: configuration.batchNorm) : nil
    parameters = scope.layout
  }

  /// Whether examples are images, which can be moved.
  var isImage: Bool { exampleShape.count == 3 }

  /// Rows and columns of an example; a row of numbers is an image of one row.
  var canvas: (height: Int, width: Int) {
    isImage ? (exampleShape[0], exampleShape[1]) : (1, exampleShape.reduce(1, *))
  }

  /// The width of a projection.
  var projectionWidth: Int { projector.outputs }

  /// The representation of images in the unit of the nets, [n, height, width] to [n, outputs].
  func represent(_ images: Tensor, _ statistics: inout NormStatistics) -> Tensor {
    let n = images.shape[0]
    return switch encoder {
    case .mlp(let net): net(images.reshape([n, images.shape.dropFirst().reduce(1, *)]), &statistics)
    case .convolution(let net): net(images.reshape([n] + exampleShape), &statistics)
    }
  }

  /// The projection of a representation, [n, outputs] to [n, projectionWidth].
  func project(_ y: Tensor, _ statistics: inout NormStatistics) -> Tensor {
    guard !configuration.projector.isEmpty else { return y }
    return projector(relu(y), &statistics)
  }

  /// The prediction of the other view's projection.
  func predict(_ z: Tensor, _ statistics: inout NormStatistics) -> Tensor {
    switch configuration.predictor {
    case .none: z
    case .direct: matmul(z, DirectPredictor(regularization: configuration.regularization).matrix(of: z))
    case .mlp: predictor?(z, &statistics) ?? z
    }
  }

  /// The images of a batch before augmentation, in the unit of the nets, [count, height, width].
  func images(_ batch: Batch) -> Tensor {
    let (height, width) = canvas
    return scaling.normalized(batch.examples.reshape([batch.count, height * width]))
      .reshape([batch.count, height, width])
  }

  /// Projections of two views each of images, one after the other, and their predictions: [2 count, width] each. All views
  /// of a batch are normalized together.
  package func projectionsAndPredictions(_ batch: Batch) -> (z: Tensor, p: Tensor) {
    var statistics = NormStatistics.ofBatch
    let views = configuration.augmentation.views(images(batch), 2)
    let z = project(represent(views, &statistics), &statistics)
    return (z, predict(z, &statistics))
  }

  /// -(cos(p1, z2) + cos(p2, z1)) / 2 for each pair of views, [count]; z are targets if they are stopped.
  package func losses(predictions p: Tensor, targets z: Tensor) -> Tensor {
    let shape = [p.shape[0] / 2, 2, p.shape[1]]
    let (p, z) = (unit(p).reshape(shape), unit(z).reshape(shape))
    func view(_ x: Tensor, _ index: Int) -> Tensor { x.slice([0, index, 0], shape: [shape[0], 1, shape[2]]) }
    return -0.5 * (view(p, 0) * view(z, 1) + view(p, 1) * view(z, 0)).sum(axes: [1, 2])
  }

  /// Rows scaled to length 1; rows of length 0 stay as they are.
  private func unit(_ x: Tensor) -> Tensor { x / sqrt(square(x).sum(axes: [1]) + 1e-12).reshape([x.shape[0], 1]) }
}

extension SimSiam: Model {
  /// The mean over pairs of views of a value between -1, the same direction, and 1.
  public func objective(_ batch: Batch) -> Objective {
    let (z, p) = projectionsAndPredictions(batch)
    return Objective("loss", losses(predictions: p, targets: configuration.stopGradient ? stopGradient(z) : z).mean())
  }

  /// Nil: the loss belongs to a whole batch if its layers are normalized by it.
  public func losses(_ batch: Batch) -> Tensor? { nil }
}
