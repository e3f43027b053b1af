import MinimConfiguration
import MinimData
import MinimNN

/// The models that a config can name: the only list of them.
public enum ModelName: String, CaseIterable, Sendable {
  case pixelcnn, vae, realnvp
  case fixedPosterior = "fixed-q"
  case forwardReverse = "forward-reverse"
  case bilinear
  case gan
  case diracGAN = "dirac-gan"
  case simsiam
  case simSiamVariants = "simsiam-variants"
  case linearSimSiam = "simsiam-linear"

  /// All of them.
  public static var models: [NamedModel] { allCases.map { NamedModel($0.rawValue, $0.make) } }

  /// Reads the model's own keys and makes it, for the data that it shall learn.
  public func make(_ section: ConfigurationSection, _ data: DataSplit) -> any Model {
    switch self {
    case .pixelcnn:
      let isImage = data.exampleShape.count == 3
      if !isImage { section.report("name", "a pixelcnn learns binary images, and the data are \(data.name)") }
      if !data.isBinary { section.report("name", Self.binary("a pixelcnn", data)) }
      let (height, width) = isImage ? (data.exampleShape[0], data.exampleShape[1]) : (8, 8)
      let configuration = PixelCNNConfiguration(section, height: height, width: width, classes: data.classes)
      return PixelCNN(configuration, height: height, width: width, classes: data.classes)
    case .vae:
      if case .none = data.training {
        section.report("name", "a vae needs examples, and \(data.name) is a density alone")
      }
      let configuration = VAEConfiguration(
        section, inputs: data.exampleShape.reduce(1, *), decoder: KnownDecoder(data.distribution))
      if configuration.likelihood == .bernoulli, data.exampleShape.count != 3 {
        section.report("likelihood", "bernoulli is for binary images, and the data are \(data.name)")
      }
      if configuration.likelihood == .bernoulli, !data.isBinary {
        section.report("likelihood", Self.binary("bernoulli", data) + ", or \"likelihood\": \"gaussian\"")
      }
      return VAE(configuration, exampleShape: data.exampleShape)
    case .realnvp: return RealNVP(RealNVPConfiguration(section, data), of: data)
    case .forwardReverse: return ForwardReverse(section, data)
    case .bilinear:
      Self.requireNoData("a bilinear game", section, data)
      return Bilinear(BilinearConfiguration(section))
    case .diracGAN:
      Self.requireNoData("a dirac-gan", section, data)
      return DiracGAN(section)
    case .simsiam:
      let shape = Self.imageShape("a simsiam", section, data)
      return SimSiam(
        SimSiamConfiguration(section, height: shape[0], width: shape[1]), exampleShape: shape,
        white: Double(data.white))
    case .simSiamVariants:
      return SimSiamVariants(
        section, exampleShape: Self.imageShape("simsiam-variants", section, data), white: Double(data.white))
    case .linearSimSiam:
      Self.requireNoData("a simsiam-linear", section, data)
      return LinearSimSiam(LinearSimSiamConfiguration(section))
    case .gan:
      if case .none = data.training {
        section.report("name", "a gan needs examples, and \(data.name) is a density alone")
      }
      if data.name == DataName.none.rawValue { section.report("name", "a gan needs examples: name some data") }
      return GAN(GANConfiguration(section), of: data)
    case .fixedPosterior:
      let values = data.exampleShape == [1] ? data.rows?.values : nil
      if values?.isEmpty != false {
        section.report("name", "a fixed-q learns rows of one value, and the data are \(data.name)")
      }
      let rows = Moments(values.flatMap { $0.isEmpty ? nil : $0.map(Double.init) } ?? [-1, 1])
      return FixedPosterior(FixedPosteriorConfiguration(section), rows: rows)
    }
  }

  /// Of images that are given; of others, after a report, some shape.
  private static func imageShape(_ name: String, _ section: ConfigurationSection, _ data: DataSplit) -> [Int] {
    if data.exampleShape.count == 3, data.rows != nil { return data.exampleShape }
    section.report("name", "\(name) learns images that are given, and the data are \(data.name)")
    return [8, 8, 1]
  }

  private static func requireNoData(_ name: String, _ section: ConfigurationSection, _ data: DataSplit) {
    if data.name != DataName.none.rawValue {
      section.report("name", "\(name) sees no data: say \"data\": {\"name\": \"none\"}")
    }
  }

  private static func binary(_ name: String, _ data: DataSplit) -> String {
    "\(name) is for pixels 0 and 1, and those of \(data.name) have \(data.levels ?? 0) levels. "
      + "Take \"data.values\": \"binary\""
  }
}
