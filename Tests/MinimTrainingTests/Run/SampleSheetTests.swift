import MinimData
import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining
import Testing

/// Samples as pictures, alone or with their neighbors.
@Suite struct SampleSheetTests {
  private static func image(_ sheet: SampleSheet) throws -> Image {
    let (image, texts) = try PNG.decode(Samples(sheet).png(step: 7, seed: 3, configHash: "abc"))
    #expect(texts.contains { $0.key == "step" && $0.value == "7" })
    return image
  }

  /// Images of 2x3 whose pixels all differ, from a number on.
  private static func pixels(_ count: Int, from first: Int) -> [Float] {
    (0..<count * 6).map { Float((first + $0) % 256) / 255 }
  }

  @Test("each sample has its neighbor to its right", arguments: [1, 2, 5, 10], [nil, 2, 3] as [Int?])
  func pairs(_ count: Int, _ columns: Int?) throws {
    let (samples, neighbors) = (Self.pixels(count, from: 0), Self.pixels(count, from: 100))
    let image = try Self.image(
      SampleSheet(height: 2, width: 3, pixels: samples, neighbors: neighbors, columns: columns))
    let sheet = ContactSheet(count: 2 * count, width: 3, height: 2, group: 2, columns: columns.map { 2 * $0 })
    #expect(sheet.columns % 2 == 0 && sheet.columns == columns.map { 2 * min($0, count) } ?? sheet.columns)
    #expect(image.width == sheet.width && image.height == sheet.height)
    for index in 0..<count {
      let (own, other) = (sheet.cell(2 * index), sheet.cell(2 * index + 1))
      #expect(own.y == other.y && other.x - (own.x + own.width) == sheet.line)
      for pixel in 0..<6 {
        let (x, y) = (pixel % 3 * sheet.zoom, pixel / 3 * sheet.zoom)
        let first = UInt8((6 * index + pixel) % 256), second = UInt8((100 + 6 * index + pixel) % 256)
        #expect(image[own.x + x, own.y + y] == .gray(first))
        #expect(image[other.x + x + sheet.zoom - 1, other.y + y + sheet.zoom - 1] == .gray(second))
      }
    }
  }

  @Test("samples that are points become a plot, with the step that they are of")
  func plot() throws {
    let data = DataSplit(
      name: "data", training: .rows(Dataset(name: "data", exampleShape: [2], values: [0, 0, 1, 1])))
    let samples = Samples([0.5, 0.5, 9, 9], of: data)
    let (image, texts) = try PNG.decode(samples.png(step: 7, seed: 3, configHash: "abc"))
    #expect(texts.contains { $0.key == "step" && $0.value == "7" } && texts.contains { $0.value == "abc" })
    #expect(image == samples.content.draw())
    // Two points of the data and one of the samples lie in the window of the data; both have a dot and a word above it.
    let drawing = try #require(samples.content.drawing)
    func dots(_ color: Int) -> [Int] {
      drawing.parts.compactMap { part in
        if case .dots(let points, _, _, .color(Plot.colors[color])) = part { points.count } else { nil }
      }
    }
    #expect(dots(Plot.background) == [2, 1] && dots(0) == [1, 1])
    let words = drawing.words.map(\.text)
    #expect(words.contains("data") && words.contains("samples") && words.contains("1 of 4 points outside of the frame"))
  }

  @Test("samples without neighbors, and frames around invalid ones with and without")
  func frames() throws {
    let samples = Self.pixels(4, from: 10)
    let plain = try Self.image(SampleSheet(height: 2, width: 3, pixels: samples))
    #expect(plain == ContactSheet.draw(samples, count: 4, height: 2, width: 3))
    let framed = try Self.image(SampleSheet(height: 2, width: 3, pixels: samples, invalid: [2]))
    #expect(framed == ContactSheet.draw(samples, count: 4, height: 2, width: 3, framed: [2]))
    let pairs = try Self.image(
      SampleSheet(height: 2, width: 3, pixels: samples, invalid: [2], neighbors: Self.pixels(4, from: 60)))
    let sheet = ContactSheet(count: 8, width: 3, height: 2, group: 2)
    for index in 0..<8 {
      let cell = sheet.cell(index)
      #expect((pairs[cell.x - 1, cell.y - 1] == .red) == (index == 4), "\(index)")
    }
  }

  @Test("captions stand above their columns, and change nothing below", arguments: [false, true])
  func captions(_ hasNeighbors: Bool) throws {
    let samples = Self.pixels(6, from: 10), neighbors = hasNeighbors ? Self.pixels(6, from: 60) : nil
    func image(_ captions: [String]) throws -> Image {
      try Self.image(
        SampleSheet(height: 2, width: 3, pixels: samples, neighbors: neighbors, columns: 3, captions: captions))
    }
    let plain = try image([]), captioned = try image(["one", "b", "3"])
    let height = captioned.height - plain.height
    #expect(captioned.width == plain.width && height > 0)
    for y in 0..<plain.height {
      for x in 0..<plain.width { #expect(captioned[x, y + height] == plain[x, y]) }
    }
    let group = hasNeighbors ? 2 : 1
    let sheet = ContactSheet(count: 6 * group, width: 3, height: 2, group: group, columns: 3 * group)
    func ink(_ image: Image, _ columns: Range<Int>) -> Int {
      (0..<height).reduce(0) { sum, y in sum + columns.count { image[$0, y] == .black } }
    }
    for (column, word) in ["one", "b", "3"].enumerated() {
      let (first, last) = (sheet.cell(column * group), sheet.cell(column * group + group - 1))
      let area = first.x..<last.x + last.width
      // The same letters have the same ink wherever they stand.
      var canvas = Canvas(width: 200, height: 60, background: ContactSheet.lineColor)
      canvas.text(word, x: 5, y: 5, size: 26)
      let expected = (0..<60).reduce(0) { sum, y in sum + (0..<200).count { canvas.image[$0, y] == .black } }
      #expect(ink(captioned, area) == expected && expected > 0, "\(word)")
      // In the middle.
      let inked = area.filter { x in (0..<height).contains { captioned[x, $0] == .black } }
      let (left, right) = ((inked.first ?? 0) - area.lowerBound, area.upperBound - 1 - (inked.last ?? 0))
      #expect(abs(left - right) <= 4, "\(word)")
    }
    // A single caption is that of the whole sheet, and one that is too long is cut.
    let whole = try image(["circle"])
    #expect(ink(whole, 0..<whole.width / 2) > 0 && ink(whole, whole.width / 2..<whole.width) > 0)
    let long = String(repeating: "m", count: 500)
    let cut = try image([long, "", long])
    let middle = sheet.cell(group)
    #expect(ink(cut, middle.x..<middle.x + middle.width) == 0)
  }
}
