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
    case .plots(let plots, let columns):
      let panels = plots.map { $0.draw() }
      guard let first = panels.first, panels.count > 1 else { return panels.first ?? Canvas(width: 1, height: 1).image }
      let rows = (panels.count + columns - 1) / columns
      var canvas = Canvas(width: min(columns, panels.count) * first.width, height: rows * first.height)
      for (index, panel) in panels.enumerated() {
        canvas.draw(panel, x: index % columns * first.width, y: index / columns * first.height)
      }
      return canvas.image
    }
  }
}
