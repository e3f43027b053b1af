import MinimConfiguration
import MinimKernels

/// The data sets that a config can name: the only list of them.
public enum DataName: String, CaseIterable, Sendable {
  /// Rows and columns, all of them.
  case barsAndStripes
  /// Draws of the Ising model.
  case ising
  /// The handwritten digits that come with the program.
  case digits
  /// A user's own images.
  case images
  /// Vectors that are a linear function of normals.
  case linearGaussian
  /// Vectors around a curved surface with two latent variables.
  case tanhGaussian
  /// Clusters along an arc, embedded in more dimensions.
  case curvedMixture
  /// Any round normals; by default four clusters in the plane.
  case gaussianMixture
  /// Clusters on a circle.
  case ring
  /// Two half circles that reach into each other.
  case twoMoons
  /// Two spirals.
  case spirals
  /// A bent normal.
  case banana
  /// Uniform on every second square.
  case checkerboard
  /// Bent arms around the origin.
  case pinwheel
  /// One normal of two values.
  case correlatedNormal
  /// A density of the plane alone, without examples.
  case energy
  /// Nothing: for a model that needs no examples.
  case none
}

/// What a config says about its data: known before anything is loaded.
public struct DataSource: Sendable {
  private enum Content {
    case barsAndStripes(BarsAndStripes)
    case ising(Ising)
    case images(ImageSource)
    case linearGaussian(LinearGaussian)
    case tanhGaussian(TanhGaussian)
    case curvedMixture(CurvedMixture)
    case density(DensitySample)
    case energy(Energy)
    case none
  }

  private let content: Content

  /// Reads the section "data".
  public init(_ section: ConfigurationSection) {
    content =
      switch section.choice("name", default: DataName.barsAndStripes, "The data set.") {
      case .barsAndStripes: .barsAndStripes(BarsAndStripes(section))
      case .ising: .ising(Ising(section))
      case .digits: .images(ImageSource(digits: section))
      case .images: .images(ImageSource(section))
      case .linearGaussian: .linearGaussian(LinearGaussian(section))
      case .tanhGaussian: .tanhGaussian(TanhGaussian(section))
      case .curvedMixture: .curvedMixture(CurvedMixture(section))
      case .gaussianMixture: .density(DensitySample(GaussianMixture(section), section))
      case .ring: .density(DensitySample(GaussianMixture.ring(section), section))
      case .twoMoons: .density(DensitySample(GaussianMixture.twoMoons(section), section))
      case .spirals: .density(DensitySample(GaussianMixture.spirals(section), section))
      case .banana: .density(DensitySample(WarpedMixture.banana(section), section))
      case .checkerboard: .density(DensitySample(Checkerboard(section), section))
      case .pinwheel: .density(DensitySample(WarpedMixture.pinwheel(section), section))
      case .correlatedNormal: .density(DensitySample(GaussianMixture.correlatedNormal(section), section))
      case .energy: .energy(Energy(section))
      case .none: Content.none
      }
  }

  /// The examples, made or read.
  ///
  /// - Parameters:
  ///   - folders: where files are looked for, in this order.
  ///   - seed: what draws without end are a function of.
  /// - Throws: what is wrong with a file: exit code 65, or 66 where there is none.
  public func load(from folders: [String], seed: UInt64) throws -> DataSplit {
    switch content {
    case .barsAndStripes(let patterns):
      let data = patterns.dataset()
      return DataSplit(name: data.name, training: .rows(data), distribution: .barsAndStripes(patterns), levels: 2)
    case .ising(let ising):
      return DataSplit(
        name: "Ising model \(ising.height)x\(ising.width), beta \(ising.beta)",
        training: .draws(ising, RandomKey(seed: seed).folding(.data)), distribution: .ising(ising),
        levels: 2)
    case .images(let source): return try source.load(from: folders)
    case .none:
      let name = DataName.none.rawValue
      return DataSplit(name: name, training: .rows(Dataset(name: name, exampleShape: [1], values: [0])))
    case .linearGaussian(let model):
      return Self.drawn(seed, .linearGaussian(model)) {
        model.isExact ? ($0 == 0 ? model.sigmaPoints() : nil) : model.dataset(key: $1)
      }
    case .tanhGaussian(let model): return Self.drawn(seed, .tanhGaussian(model)) { model.dataset(key: $1) }
    case .curvedMixture(let model): return Self.drawn(seed, nil) { model.dataset(key: $1) }
    case .energy(let energy):
      return DataSplit(
        name: energy.name, training: .none(exampleShape: [energy.dimensions]), distribution: .energy(energy))
    case .density(let sample): return sample.split(key: RandomKey(seed: seed).folding(.data))
    }
  }

  /// Rows to train on, and as many for validation and for the test: each part has draws of its own.
  private static func drawn(
    _ seed: UInt64, _ distribution: KnownDistribution?, _ rows: (_ part: UInt64, RandomKey) -> Dataset?
  ) -> DataSplit {
    let key = RandomKey(seed: seed).folding(.data)
    let parts = (0..<3).map { rows($0, key.folding($0)) }
    let training = parts[0] ?? Dataset(name: "nothing", exampleShape: [1], values: [])
    return DataSplit(
      name: training.name, training: .rows(training), validation: parts[1], test: parts[2],
      distribution: distribution)
  }
}
