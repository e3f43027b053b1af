import MinimFiles

extension Drawing {
  /// The drawing in pixels, black on white.
  ///
  /// - Parameter scale: pixels per unit of length.
  package func image(scale: Double = Self.scale) -> Image {
    var raster = Raster(
      width: Int((width * scale).rounded(.up)), height: Int((height * scale).rounded(.up)), scale: scale)
    for part in parts { raster.draw(part) }
    return raster.image
  }

  /// The pixels of a PNG per unit of length: screens of phones and laptops show two.
  package static let scale = 2.0
}

extension Drawing.Ink {
  /// The color on white.
  var onWhite: Image.Color {
    switch self {
    case .foreground: .gray(34)
    case .soft: .gray(130)
    case .grid: .gray(228)
    case .background: .white
    case .color(let color), .tint(let color): color
    }
  }

  /// How much a tint covers of what is behind it.
  static let tintShare: Float = 0.25

  var share: Float { if case .tint = self { Self.tintShare } else { 1 } }
}

/// An image on which parts of a drawing are drawn.
private struct Raster {
  var image: Image
  private let scale: Double
  private var coverage: Coverage

  init(width: Int, height: Int, scale: Double) {
    image = Image(width: width, height: height, rgb: true)
    coverage = Coverage(width: width, height: height)
    self.scale = scale
  }

  mutating func draw(_ part: Drawing.Part) {
    switch part {
    case .stroke(let path, let stroke):
      for contour in path.contours {
        for piece in Outline.dashes(contour, stroke.dashes) {
          for shape in Outline.stroke(scaled(piece), width: stroke.width * scale) { coverage.add(shape) }
        }
      }
      paint(stroke.ink)
    case .fill(let path, let ink):
      for contour in path.contours { coverage.add(scaled(contour).points) }
      paint(ink)
    case .dots(let points, let mark, let radius, let ink):
      let contours = mark.contours
      for point in points {
        for contour in contours {
          coverage.add(
            contour.map { .init(x: (point.x + radius * $0.x) * scale, y: (point.y + radius * $0.y) * scale) })
        }
      }
      paint(ink)
    case .words(let words):
      coverage.add(words, scale: scale)
      paint(words.ink)
    case .image(let picture, let box): draw(picture, box)
    }
  }

  private func scaled(_ contour: Shape.Contour) -> Shape.Contour {
    .init(contour.points.map { .init(x: $0.x * scale, y: $0.y * scale) }, isClosed: contour.isClosed)
  }

  private mutating func draw(_ picture: Image, _ box: Box) {
    let (left, top) = (Int((box.left * scale).rounded()), Int((box.top * scale).rounded()))
    let (right, bottom) = (Int((box.right * scale).rounded()), Int((box.bottom * scale).rounded()))
    guard left < right, top < bottom else { return }
    for y in max(0, top)..<max(0, top, min(image.height, bottom)) {
      for x in max(0, left)..<max(0, left, min(image.width, right)) {
        image[x, y] = picture[(x - left) * picture.width / (right - left), (y - top) * picture.height / (bottom - top)]
      }
    }
  }

  /// Paints what is covered.
  private mutating func paint(_ ink: Drawing.Ink) {
    let (color, opacity) = (ink.onWhite, ink.share)
    let (red, green, blue) = (Float(color.red), Float(color.green), Float(color.blue))
    let width = image.width
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      coverage.drain { x, y, covered in
        let share = covered * opacity
        let start = 3 * (y * width + x)
        func mix(_ place: Int, _ value: Float) {
          let old = Float(pixels[start + place])
          // To the nearest, without a call of a library.
          pixels[start + place] = UInt8(old + (value - old) * share + 0.5)
        }
        mix(0, red)
        mix(1, green)
        mix(2, blue)
      }
    }
  }
}

extension Coverage {
  /// Adds the letters of words.
  ///
  /// - Parameter scale: pixels per unit of length.
  mutating func add(_ words: Drawing.Words, scale: Double) {
    var along = -words.lead
    for letter in words.text.unicodeScalars {
      let glyph = Typeface.glyph(letter)
      for contour in glyph.outline.contours {
        add(
          contour.points.map { point in
            let (right, down) = (along + point.x * words.size, point.y * words.size)
            return words.isUpright
              ? .init(x: (words.x + down) * scale, y: (words.y - right) * scale)
              : .init(x: (words.x + right) * scale, y: (words.y + down) * scale)
          })
      }
      along += glyph.advance * words.size
    }
  }
}

extension Image.Color {
  /// The color with a share of another one over it.
  func mixed(with other: Image.Color, _ share: Float) -> Image.Color {
    func mix(_ old: UInt8, _ new: UInt8) -> UInt8 { UInt8((Float(old) + (Float(new) - Float(old)) * share).rounded()) }
    return Image.Color(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }
}
