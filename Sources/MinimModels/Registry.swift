import MinimConfiguration
import MinimNN

/// The models that a config can name: the only list of them.
public enum ModelName: String, CaseIterable, Sendable {
  case pixelcnn

  /// Reads the model's own keys and makes it, for examples of the given extents and labels of so many classes.
  public func make(_ section: ConfigurationSection, exampleShape: [Int], classes: Int) -> any Model {
    switch self {
    case .pixelcnn:
      let (height, width) = (exampleShape[0], exampleShape[1])
      let configuration = PixelCNNConfiguration(section, height: height, width: width, classes: classes)
      return PixelCNN(configuration, height: height, width: width, classes: classes)
    }
  }
}
