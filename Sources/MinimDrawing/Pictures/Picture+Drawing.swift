import MinimFiles

extension Picture {
  /// Draws the picture as an image.
  package func draw() -> Image { content.draw() }
}

extension Picture.Content {
  /// Draws the content as an image.
  package func draw() -> Image {
    switch self {
    case .sheet(let sheet): return sheet.image
    case .plots: return drawing?.image() ?? Canvas(width: 1, height: 1).image
    }
  }
}
