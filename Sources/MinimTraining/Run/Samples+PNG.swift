import MinimDrawing
import MinimFiles
import MinimNN

extension Samples {
  /// A picture of the samples as the bytes of a PNG file, with the step, the seed and the config that they come from.
  package func png(step: Int, seed: UInt64, configHash: String) throws -> [UInt8] {
    try PNG.encode(content.draw(), texts: PNG.texts(step: step, seed: seed, configHash: configHash))
  }
}
