import MinimConfiguration
import MinimData
import MinimModels
import MinimNN
import Testing

/// The names of Minim's models, so that the compiler asks for small ones of each.
enum ModelName: String, CaseIterable, Sendable {
  case pixelcnn, vae, realnvp
  case fixedPosterior = "fixed-q"
  case forwardReverse = "forward-reverse"
  case flowMatching = "flow-matching"
  case diffusion
  case bilinear, gan
  case diracGAN = "dirac-gan"
  case simsiam
  case simSiamVariants = "simsiam-variants"
  case linearSimSiam = "simsiam-linear"

  /// The model of a section "model".
  func make(_ section: String, _ data: DataSplit) throws -> any Model {
    let reader = ConfigurationReader(try ConfigurationSource(texts: [(name: "small.json", text: section)]))
    let named = try #require(NamedModel.all.first { $0.name == rawValue })
    let model = named.make(reader.root, data)
    try reader.finish()
    return model
  }
}
