import MinimFiles

extension Plot {
  /// The plot as a drawing.
  package var drawing: Drawing { PlotLayout(self).drawing }

  /// The plot in pixels.
  package func draw() -> Image { drawing.image() }

  /// Whether there are shades.
  var hasField: Bool { series.contains { if case .field = $0.layer { true } else { false } } }

  /// Whether the frame is a square: both axes are of one plane.
  var isPlane: Bool { isSquare || hasField }

  /// The frame of the plot in its drawing.
  package var frame: Box { PlotLayout(self).area.box }
}

extension Picture.Content {
  /// The plots as one drawing, side by side; nil for images.
  package var drawing: Drawing? {
    guard case .plots(let plots, let perRow) = self else { return nil }
    guard plots.count != 1 else { return plots.first?.drawing }
    let columns = max(1, min(perRow, plots.count))
    let rows = stride(from: 0, to: plots.count, by: columns).map { start in
      let row = plots[start..<min(plots.count, start + columns)]
      let frames = columns > 2 ? PlotLayout.Frames.small : row.contains(where: \.isPlane) ? .mixed : .usual
      return row.map { PlotLayout($0, frames) }
    }
    // The frames of a row are equally high and stand at one height, and those of a column below each other.
    let places = (0..<columns).map { column in
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
        let (left, top) = (x + place.before - panel.area.box.left, y + level.before - panel.area.box.top)
        whole.add(panel.drawing, x: left, y: top)
        whole.panels.append(
          Box(left: left, top: top, right: left + panel.drawing.width, bottom: top + panel.drawing.height))
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
