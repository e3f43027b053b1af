import MinimDrawing
import MinimFiles

/// Maps of masks as a picture, like a figure in a paper: what the pixel sees is shaded.
package enum MaskPicture {
  /// The widest picture that is still readable on a slide; more panels go to further rows.
  private static let width = 1120

  /// The maps side by side, with titles and numbers in the cells.
  package static func panels(_ maps: [MaskMap]) -> Image {
    let titles = titleLines(maps, width: { $0.width * cell })
    let figures = maps.indices.map { index in
      let title = PictureBlock.text(titles[index], size: size)
      return PictureBlock.column([title, grid(maps[index], cell: cell, isNumbered: true)], gap: 6)
    }
    return picture(figures, of: maps, gap: 40)
  }

  /// For each stack the maps of all its pixels, arranged as the pixels are.
  package static func sheet(_ stacks: [[MaskMap]]) -> Image {
    let titles = titleLines(stacks.map { $0[0] }, isWhole: true) { $0.width * ($0.width * small + smallGap) - smallGap }
    let figures = stacks.indices.map { index in
      let maps = stacks[index]
      let panels = maps.map { map in
        PictureBlock.column(
          [
            .text([("\(map.label(map.pixel))", map.seesItself ? MaskInk.leak : .black)], size: size),
            grid(map, cell: small, isNumbered: false),
          ], gap: 0)
      }
      let rows = stride(from: 0, to: panels.count, by: maps[0].width).map { start in
        PictureBlock.row(Array(panels[start..<start + maps[0].width]), gap: smallGap)
      }
      return PictureBlock.column([.text(titles[index], size: size), .column(rows, gap: smallGap)], gap: 10)
    }
    return picture(figures, of: stacks.flatMap { $0 }, gap: 64)
  }

  private static let cell = 44
  /// The size of letters, in pixels.
  private static let size = 18.0
  private static let small = 16
  private static let smallGap = 18

  private static func picture(_ figures: [PictureBlock], of maps: [MaskMap], gap: Int) -> Image {
    let grid = PictureBlock.grid(figures, width: width, gap: gap, rowGap: 32)
    let legend = PictureBlock.flow(legend(of: maps), width: max(grid.width, 5 * cell), gap: 28, rowGap: 10)
    return PictureBlock.column([grid, legend], gap: 28).image(margin: 28)
  }

  // MARK: Titles

  /// The lines above each panel, equally many above each so that the panels are level: "2. A3, B3", "sees 11, blind 1".
  private static func titleLines(
    _ maps: [MaskMap], isWhole: Bool = false, width: (MaskMap) -> Int
  ) -> [[(String, Image.Color)]] {
    let titles = maps.enumerated().map { index, map in
      let name = (maps.count > 1 ? "\(index + 1). " : "") + map.stack.masks.map(\.description).joined(separator: ", ")
      // As many letters as fit, if they are wide ones.
      let letters = max(16, width(map) / Canvas.width(of: "A", size: size))
      return TextTable.wrap(name + (map.stack.wiring == .plain ? "" : " \(map.stack.wiring.rawValue)"), width: letters)
    }
    let count = titles.map(\.count).max() ?? 0
    return zip(titles, maps).map { title, map in
      let empty = Array(repeating: ("", Image.Color.black), count: count - title.count)
      let figures = "sees \(map.labels(.seen).count), blind \(map.labels(.blind).count)"
      let verdict = (
        map.isAutoregressive ? "autoregressive" : "NOT autoregressive",
        map.isAutoregressive ? MaskInk.note : MaskInk.leak
      )
      return empty + title.map { ($0, .black) } + (isWhole ? [] : [(figures, MaskInk.note)]) + [verdict]
    }
  }

  // MARK: Cells

  private static func grid(_ map: MaskMap, cell: Int, isNumbered: Bool) -> PictureBlock {
    // Neighbors share the line between them.
    PictureBlock(width: map.width * cell + 1, height: map.height * cell + 1) { canvas, x, y in
      func area(_ index: Int) -> Canvas.Rectangle {
        Canvas.Rectangle(
          x: x + index % map.width * cell, y: y + index / map.width * cell, width: cell + 1, height: cell + 1)
      }
      for (index, kind) in map.cells.enumerated() {
        MaskInk.fill(area(index), kind, on: &canvas)
        if isNumbered {
          canvas.text(
            "\(map.label(index))", in: area(index), size: size, .center, MaskInk.letter(kind),
            plate: kind == .blind ? .white : nil)
        }
      }
      MaskInk.frame(area(map.pixel), map.cells[map.pixel], on: &canvas)
    }
  }

  private static func legend(of maps: [MaskMap]) -> [PictureBlock] {
    MaskMap.Cell.allCases.filter { kind in maps.contains { $0.cells.contains(kind) } }.map { kind in
      let swatch = PictureBlock(width: 23, height: 23) { canvas, x, y in
        let area = Canvas.Rectangle(x: x, y: y, width: 23, height: 23)
        MaskInk.fill(area, kind, on: &canvas)
        if kind == .itself || kind == .leak { MaskInk.frame(area, kind, on: &canvas) }
      }
      let word = PictureBlock(width: Canvas.width(of: kind.words, size: size), height: 23) { canvas, x, y in
        canvas.text(kind.words, x: x, y: y + 5, size: size, kind == .leak ? MaskInk.leak : .black)
      }
      return .row([swatch, word], gap: 9)
    }
  }
}
