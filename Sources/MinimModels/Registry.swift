import MinimConfiguration
import MinimNN

/// The models that a config can name: the only list of them.
public enum ModelName: String, CaseIterable, Sendable {
  case pixelcnn

  /// Reads the model's own keys and makes it, for examples of the given extents.
  public func make(_ section: ConfigurationSection, exampleShape: [Int]) -> any Model {
    switch self {
    case .pixelcnn:
      let configuration = PixelCNNConfiguration(section, height: exampleShape[0], width: exampleShape[1])
      return PixelCNN(configuration, height: exampleShape[0], width: exampleShape[1])
    }
  }
}
