import MinimFiles

extension SampleSheet {
  /// The sheet as an image: samples outside the data's support are framed in red, and each sample's neighbor, if any,
  /// is to its right.
  package var image: Image { captions.isEmpty ? images : captioned(images) }

  private var images: Image {
    guard let neighbors else {
      return ContactSheet.draw(
        pixels, count: count, height: height, width: width, columns: columns, framed: invalid ?? [])
    }
    let size = height * width
    let pairs = (0..<count).flatMap { index in
      let range = index * size..<(index + 1) * size
      return pixels[range] + neighbors[range]
    }
    return ContactSheet.draw(
      pairs, count: 2 * count, height: height, width: width, group: 2, columns: columns.map { 2 * $0 },
      framed: (invalid ?? []).map { 2 * $0 })
  }

  /// The sizes of captions, in pixels.
  private static let sizes = [26.0, 20, 15, 11]

  /// The image below a line with the captions, as large as all of them fit.
  private func captioned(_ image: Image) -> Image {
    let areas = captionAreas(width: image.width)
    let named = zip(captions, areas).map { (text: $0, area: $1) }
    let size = Self.sizes.first { size in
      named.allSatisfy { Canvas.width(of: $0.text, size: size) <= $0.area.width }
    }
    let letters = size ?? Self.sizes[Self.sizes.count - 1]
    let height = Canvas.height(lines: 1, size: letters) * 2
    var canvas = Canvas(
      Image(width: image.width, height: image.height + height, rgb: image.channels == 3, fill: ContactSheet.lineColor))
    canvas.draw(image, x: 0, y: height)
    for (text, area) in named {
      // A word that is too long even in the smallest letters is cut, so that it does not run into the next.
      let words = Typeface.shortened(text, width: Double(area.width), size: letters)
      canvas.text(words, in: Canvas.Rectangle(x: area.x, y: 0, width: area.width, height: height), size: letters)
    }
    return canvas.image
  }

  /// The parts of the width that belong to the captions.
  private func captionAreas(width: Int) -> [(x: Int, width: Int)] {
    guard captions.count > 1 else { return [(0, width)] }
    let group = neighbors == nil ? 1 : 2
    let sheet = ContactSheet(
      count: group * count, width: self.width, height: self.height, group: group, columns: columns.map { group * $0 })
    return stride(from: 0, to: sheet.columns, by: group).map { column in
      let (first, last) = (sheet.cell(column), sheet.cell(column + group - 1))
      return (first.x, last.x + last.width - first.x)
    }
  }
}
