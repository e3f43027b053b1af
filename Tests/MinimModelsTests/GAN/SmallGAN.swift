import MinimConfiguration
import MinimData
import MinimModels
import MinimNN
import TestSupport

/// A GAN of the plane with parameters drawn from a seed, in Double.
struct SmallGAN {
  let model: GAN
  let vector: ParameterVector
  let data: DataSplit

  init(
    _ more: String = "", data: DataSplit = .sample(GaussianMixture.fourClusters, rows: 40), scale: Double = 0.7,
    seed: UInt64 = 1
  ) throws {
    let nets = more.contains("critic") ? "" : #", "generator": [5], "critic": [4, 3]"#
    let section = #"{"latent": 2, "activation": "tanh"\#(nets)\#(more)}"#
    let reader = ConfigurationReader(try ConfigurationSource(texts: [("gan.json", section)]))
    model = GAN(GANConfiguration(reader.root), of: data)
    try reader.finish()
    self.data = data
    vector = try ParameterVector(model.parameters, precision: .float64)
    for (index, entry) in model.parameters.entries.enumerated() {
      vector[entry] = values(entry.shape.elementCount, seed: seed &* 1000 &+ UInt64(index)).map { $0 * scale }
    }
  }

  var trained: Trained { MinimModelsTests.trained(vector, data: data) }

  func claims() throws -> [String: Claim] {
    Dictionary(uniqueKeysWithValues: try model.claims(trained).map { ($0.id, $0) })
  }
}
