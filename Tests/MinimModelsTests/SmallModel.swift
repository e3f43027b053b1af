import Foundation
import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// A model small enough for a test, with data for it.
struct SmallModel: CustomTestStringConvertible, Sendable {
  let name: ModelName
  let testDescription: String
  private let section: String
  let data: DataSplit
  /// What no model of the data can go below, in nats: their entropy, given their labels where the model is, or the least
  /// that an objective with a fixed q has. Nil where none is known, and where the loss is one of draws, which may be lucky.
  let lowestLoss: Double?

  private init(
    _ name: ModelName, _ description: String, _ section: String, _ data: DataSplit, lowestLoss: Double?
  ) {
    self.name = name
    testDescription = description
    self.section = section
    self.data = data
    self.lowestLoss = lowestLoss
  }

  /// At least one of each name; several where a model has kinds.
  static let all: [SmallModel] = ModelName.allCases.flatMap { name in
    switch name {
    case .pixelcnn:
      [
        SmallModel(
          name, "pixelcnn", #"{"masks": ["A5", "B3", "B3"], "channels": 12, "pointwiseLayers": 1}"#,
          patternData(3, 3), lowestLoss: log(14)),
        SmallModel(
          name, "gated pixelcnn", #"{"gated": true, "masks": ["A3", "B3", "B3"], "channels": 8, "pointwiseLayers": 1}"#,
          patternData(3, 3), lowestLoss: log(14)),
        SmallModel(
          name, "conditional pixelcnn",
          #"{"masks": ["A5", "B3", "B3"], "channels": 12, "pointwiseLayers": 1, "conditional": true}"#, labeled,
          lowestLoss: log(7)),
        SmallModel(
          name, "conditional gated pixelcnn",
          #"{"gated": true, "masks": ["A3", "B3", "B3"], "channels": 8, "conditional": true}"#, labeled,
          lowestLoss: log(7)),
      ]
    case .vae: variational
    case .realnvp: flows
    case .forwardReverse: forwardReverse
    case .flowMatching, .diffusion: fields(name)
    case .fixedPosterior: fixedPosteriors
    case .bilinear: games
    case .gan: adversarial
    case .linearSimSiam: siamese
    case .simsiam: deepSiamese
    case .simSiamVariants:
      [
        SmallModel(
          name, "variants of a SimSiam", #"{"hidden": [12], "outputs": 6, "predictorHidden": [4]}"#, patternData(4, 4),
          lowestLoss: nil)
      ]
    case .diracGAN: [SmallModel(name, "Dirac-GAN", #"{"gradientPenalty": 0.5}"#, nothing, lowestLoss: nil)]
    }
  }

  /// Whether several players each minimize something else, so that no loss falls.
  var isGame: Bool { [.bilinear, .gan, .diracGAN].contains(name) }

  /// Whether the loss has a floor that no net comes below, far from 0 even for rows that it knows.
  var learnsField: Bool { [.flowMatching, .diffusion].contains(name) }

  /// Whether a stop-gradient makes its gradient another one than differences show.
  var stopsGradients: Bool { name == .simSiamVariants }

  /// Whether all samples are the same by the model's definition: the generator of a Dirac-GAN is one point.
  var drawsOnePoint: Bool { name == .diracGAN }

  /// Rows that no model looks at.
  private static var nothing: DataSplit {
    let rows = Dataset(name: "none", exampleShape: [1], values: [Float](repeating: 0, count: 5))
    return DataSplit(name: "none", training: .rows(rows))
  }

  private static var games: [SmallModel] {
    let section = #""matrix": [1, 0.5, -0.3, 0.8], "critic": [1, -0.5], "generator": [0.3, 0.7]"#
    return [
      SmallModel(.bilinear, "bilinear game", "{\(section)}", nothing, lowestLoss: nil),
      SmallModel(.bilinear, "bilinear game with noise", #"{\#(section), "noise": 0.5}"#, nothing, lowestLoss: nil),
    ]
  }

  /// Without stop-gradient: behind one a gradient is not the one that differences show.
  private static var siamese: [SmallModel] {
    let section = #""stopGradient": false, "encoderStart": [0.9, 0.1, 0.2, 0, 0.8, -0.1]"#
    return [
      SmallModel(.linearSimSiam, "linear SimSiam", "{\(section)}", nothing, lowestLoss: 0),
      SmallModel(
        .linearSimSiam, "linear SimSiam of drawn views", #"{\#(section), "drawsViews": true, "predictor": false}"#,
        nothing, lowestLoss: 0),
    ]
  }

  /// Without stop-gradient too.
  private static var deepSiamese: [SmallModel] {
    let section = #""hidden": [12], "outputs": 6, "stopGradient": false"#
    return [
      SmallModel(.simsiam, "SimSiam", #"{\#(section), "predictorHidden": [4]}"#, patternData(4, 4), lowestLoss: -1),
      SmallModel(
        .simsiam, "convolutional SimSiam with a projector",
        #"{\#(section), "encoder": "convolution", "projector": [8, 5], "predictorHidden": [4]}"#,
        patternData(4, 4), lowestLoss: -1),
    ]
  }

  private static var adversarial: [SmallModel] {
    let nets = #""latent": 3, "generator": [12], "critic": [12, 12], "gradientPenalty": 0.3"#
    let ring = DataSplit.sample(GaussianMixture.fourClusters, rows: 60)
    return [
      SmallModel(.gan, "gan of the plane", #"{\#(nets), "activation": "tanh"}"#, ring, lowestLoss: nil),
      SmallModel(.gan, "hinge gan of images", #"{\#(nets), "loss": "hinge"}"#, patternData(3, 3), lowestLoss: nil),
      SmallModel(
        .gan, "wasserstein gan", #"{\#(nets), "loss": "wasserstein", "activation": "tanh"}"#, ring, lowestLoss: nil),
    ]
  }

  /// Each q that is kept: behind a stop-gradient a gradient is not the one that differences show.
  private static var fixedPosteriors: [SmallModel] {
    let rows = LinearGaussian(weights: [[1.733]], bias: [0.7], variance: 1, rows: 12).dataset(key: RandomKey(seed: 1))
    let data = Moments(rows.values.map(Double.init))
    let weight = OneFactor(weight: 0.5, bias: 0, variance: 1), bias = OneFactor(weight: 1, bias: -2, variance: 1)
    return [
      (
        "posterior", #"{"learn": "weight", "posterior": "maximumLikelihood"}"#, weight, .weight,
        weight.maximizingLogProb(.weight, data).posterior
      ),
      ("first posterior", #"{"learn": "weight", "posterior": "start"}"#, weight, .weight, weight.posterior),
      ("first posterior, a bias", #"{"learn": "bias", "start": -2}"#, bias, .bias, bias.posterior),
      ("prior, a bias", #"{"learn": "bias", "start": -2, "posterior": "prior"}"#, bias, .bias, .prior),
    ].map { (name: String, section: String, start: OneFactor, learned: OneFactor.Learned, q: LinearNormal) in
      SmallModel(
        .fixedPosterior, "q the \(name)", section, DataSplit(name: rows.name, training: .rows(rows)),
        lowestLoss: -start.maximizingExpectedLogJoint(q, learned, data).expectedLogJoint(q, data))
    }
  }

  private static var flows: [SmallModel] {
    let data = DataSplit.sample(GaussianMixture.fourClusters, rows: 200)
    return [
      SmallModel(.realnvp, "realnvp", #"{"couplings": 4, "hidden": [16]}"#, data, lowestLoss: nil),
      SmallModel(
        .realnvp, "realnvp with ActNorm and an affine map",
        #"{"couplings": 6, "hidden": [32], "actNorm": true, "affine": true, "bound": "shared"}"#, data, lowestLoss: nil),
      SmallModel(
        .realnvp, "realnvp of gray values", #"{"couplings": 4, "hidden": [16], "actNorm": true}"#, .grayPatterns(),
        lowestLoss: nil),
      SmallModel(
        .realnvp, "realnvp by reverse KL", #"{"objective": "reverseKL", "couplings": 4, "hidden": [16]}"#, data,
        lowestLoss: nil),
    ]
  }

  private static var forwardReverse: [SmallModel] {
    [
      SmallModel(
        .forwardReverse, "flows under both KL", #"{"couplings": 2, "hidden": [8]}"#,
        DataSplit.sample(GaussianMixture.fourClusters, rows: 200), lowestLoss: nil)
    ]
  }

  private static func fields(_ name: ModelName) -> [SmallModel] {
    let data = DataSplit.sample(GaussianMixture.fourClusters, rows: 200)
    let net = #""hidden": [12], "frequencies": 2, "steps": 8"#
    let own = name == .diffusion ? #", "path": "betaLinear", "predict": "noise""# : #", "time": "stratified""#
    return [
      SmallModel(name, "\(name.rawValue)", "{\(net)\(own)}", data, lowestLoss: nil),
      SmallModel(
        name, "\(name.rawValue) of gray values", #"{\#(net), "predict": "data"}"#, .grayPatterns(), lowestLoss: nil),
      SmallModel(
        name, "conditional \(name.rawValue)", #"{\#(net), "conditional": true, "guidance": 1}"#, labeled,
        lowestLoss: nil),
    ]
  }

  private static var variational: [SmallModel] {
    let hidden = #""latent": 2, "encoder": [32], "decoder": [32]"#
    let (rows, moments) = (
      TanhGaussian().dataset(rows: 12, key: RandomKey(seed: 1)), LinearGaussian.example.sigmaPoints()
    )
    return [
      SmallModel(
        .vae, "vae of bits", #"{\#(hidden), "likelihood": "bernoulli"}"#, patternData(3, 3), lowestLoss: nil),
      SmallModel(
        .vae, "gaussian vae", #"{\#(hidden), "standardDeviation": 0.3}"#,
        DataSplit(name: rows.name, training: .rows(rows)), lowestLoss: nil),
      // The rows have the moments of a linear Gaussian model, whose entropy is then the least negative log-likelihood that
      // probabilistic PCA can have.
      SmallModel(
        .vae, "linear vae",
        """
        {"latent": 2, "encoder": [], "decoder": [], "expectation": "closedForm", "standardDeviation": 1,
         "learnStandardDeviation": true}
        """,
        DataSplit(name: moments.name, training: .rows(moments)),
        lowestLoss: LinearGaussianTheory(.example).entropy),
      SmallModel(
        .vae, "vae with a given decoder, an encoder of some inputs, by a rule",
        #"{"encoder": [16], "encoderInputs": [0, 2], "frozenDecoder": true, "expectation": "gaussHermite", "nodes": 6}"#,
        DataSplit(name: rows.name, training: .rows(rows), distribution: TanhGaussian()), lowestLoss: nil),
      SmallModel(
        .vae, "importance-weighted vae", #"{\#(hidden), "likelihood": "bernoulli", "samples": 5}"#,
        patternData(3, 3), lowestLoss: nil),
    ]
  }

  /// The 14 patterns of 3x3 with a label each that says whether the first pixel is on: known, it saves half a bit or more.
  private static var labeled: DataSplit {
    let rows = patterns(3, 3).dataset()
    let data = Dataset(
      name: "labeled patterns", exampleShape: rows.exampleShape, values: rows.values,
      labels: (0..<rows.count).map { Int(rows.values[$0 * 9]) }, classes: 2, entropy: rows.entropy)
    return DataSplit(
      name: data.name, training: .rows(data), distribution: patterns(3, 3), classNames: ["off", "on"])
  }

  func make() throws -> any Model { try name.make(section, data) }
}
