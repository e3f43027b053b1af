import MinimFiles

extension Plot {
  /// The plot as a drawing.
  package var drawing: Drawing { PlotLayout(self).drawing }

  /// The plot in pixels.
  package func draw() -> Image { drawing.image() }

  /// The frame of the plot in its drawing.
  package var frame: Box { PlotLayout(self).area.box }
}

extension Picture.Content {
  /// The plots as one drawing, side by side; nil for images.
  package var drawing: Drawing? {
    guard case .plots(let plots, let perRow) = self else { return nil }
    guard plots.count != 1 else { return plots.first?.drawing }
    let columns = max(1, perRow)
    let rows = stride(from: 0, to: plots.count, by: columns).map { start in
      plots[start..<min(plots.count, start + columns)].map { PlotLayout($0) }
    }
    // The frames of a row stand at one height, and those of a column below each other.
    let places = (0..<min(columns, plots.count)).map { column in
      let panels = rows.compactMap { column < $0.count ? $0[column] : nil }
      return Self.room(panels.map { ($0.area.box.left, $0.drawing.width) })
    }
    let levels = rows.map { row in Self.room(row.map { ($0.area.box.top, $0.drawing.height) }) }
    var whole = Drawing(
      width: max(1, places.reduce(0) { $0 + $1.length }), height: max(1, levels.reduce(0) { $0 + $1.length }))
    var y = 0.0
    for (row, level) in zip(rows, levels) {
      var x = 0.0
      for (panel, place) in zip(row, places) {
        whole.add(panel.drawing, x: x + place.before - panel.area.box.left, y: y + level.before - panel.area.box.top)
        x += place.length
      }
      y += level.length
    }
    return whole
  }

  /// The room for panels whose frames begin at one place: before it, and in all.
  private static func room(_ panels: [(before: Double, length: Double)]) -> (before: Double, length: Double) {
    let before = panels.map(\.before).max() ?? 0
    return (before, before + (panels.map { $0.length - $0.before }.max() ?? 0))
  }
}
