import MinimDrawing
import MinimFiles
import Testing

@Suite struct ContactSheetTests {
  /// Every pixel of a sheet against the definition: it belongs to a line or to one pixel of one image.
  @Test(arguments: [(1, 1, 1, 1), (7, 2, 3, 1), (6, 3, 2, 3), (12, 15, 14, 1)])
  func everyPixelComesFromItsImage(count: Int, height: Int, width: Int, channels: Int) {
    let values = (0..<count * height * width * channels).map { Float(($0 * 37) % 256) / 255 }
    let zoom = 3
    let image = ContactSheet.draw(values, count: count, height: height, width: width, channels: channels, zoom: zoom)
    let sheet = ContactSheet(count: count, width: width, height: height, zoom: zoom)
    let (columns, line) = (sheet.columns, sheet.line)
    let (pitchX, pitchY) = (width * zoom + line, height * zoom + line)
    #expect(image.channels == channels)
    #expect(image.width == line + columns * pitchX)
    #expect(image.height == line + (count + columns - 1) / columns * pitchY)
    for y in 0..<image.height {
      for x in 0..<image.width {
        let (column, inX) = (x / pitchX, x % pitchX - line)
        let (row, inY) = (y / pitchY, y % pitchY - line)
        let index = row * columns + column
        var expected = Image.Color.gray(160)
        if inX >= 0, inY >= 0, index < count {
          let start = ((index * height + inY / zoom) * width + inX / zoom) * channels
          let value = (0..<channels).map { UInt8((start + $0) * 37 % 256) }
          expected = channels == 1 ? .gray(value[0]) : Image.Color(value[0], value[1], value[2])
        }
        #expect(image[x, y] == expected, "\(x), \(y)")
      }
    }
  }

  @Test func framesInvalidSamplesAndShowsWhatIsNoNumber() {
    var values = [Float](repeating: 0, count: 4 * 4)
    values[5] = .nan
    let plain = ContactSheet.draw([Float](repeating: 0, count: 16), count: 4, height: 2, width: 2, zoom: 8)
    let image = ContactSheet.draw(values, count: 4, height: 2, width: 2, zoom: 8, framed: [3, 9])
    #expect(plain.channels == 1 && image.channels == 3)
    let cell = ContactSheet(count: 4, width: 2, height: 2, zoom: 8).cell(3)
    for (x, y) in [(-2, -2), (-1, 7), (-1, 17), (1, 16), (17, 17), (16, 3)] {
      #expect(image[cell.x + x, cell.y + y] == .red)
    }
    // No pixel of an image is hidden: neither its own nor its neighbor's.
    for (x, y) in [(0, 0), (15, 15), (8, 0), (-3, 8), (8, -3)] { #expect(image[cell.x + x, cell.y + y] == .black) }
    let second = ContactSheet(count: 4, width: 2, height: 2, zoom: 8).cell(1)
    #expect(image[second.x + 10, second.y + 2] == .magenta && image[second.x + 2, second.y + 2] == .black)
  }

  @Test func choosesAReadableSize() {
    for (count, size) in [(64, 5), (16, 8), (100, 28), (9, 28), (25, 16), (64, 1), (400, 28)] {
      let sheet = ContactSheet(count: count, width: size, height: size)
      let fills = sheet.width > 600 || sheet.zoom == 64
      #expect(fills && sheet.width <= 900 || sheet.zoom == 1, "\(count) of \(size): \(sheet.width)")
      #expect(sheet.columns * sheet.rows >= count)
    }
    #expect(ContactSheet(count: 0, width: 5, height: 5).rows == 1)
    #expect(ContactSheet(count: 10, width: 5, height: 5, columns: 20, zoom: 0).columns == 10)
    #expect(ContactSheet(count: 8, width: 20, height: 5).columns < 4)  // wide images: fewer a row
  }

  // MARK: Groups

  @Test(
    "images of a group lie together: no two overlap, all fit, and a wider line parts the groups",
    arguments: [(12, 5, 5, 2, nil), (20, 8, 8, 2, 10), (18, 3, 7, 3, nil), (7, 28, 28, 2, nil), (400, 28, 28, 2, nil)]
      as [(Int, Int, Int, Int, Int?)])
  func groups(_ count: Int, _ width: Int, _ height: Int, _ group: Int, _ columns: Int?) {
    let sheet = ContactSheet(count: count, width: width, height: height, group: group, columns: columns)
    #expect(sheet.columns * sheet.rows >= count && sheet.columns <= count)
    #expect(sheet.columns == columns ?? sheet.columns && (sheet.columns % group == 0 || sheet.columns == count))
    #expect(max(sheet.width, sheet.height) <= 900 || sheet.zoom == 1)
    var isTaken = [Bool](repeating: false, count: sheet.width * sheet.height)
    var overlaps = 0
    for index in 0..<count {
      let cell = sheet.cell(index)
      #expect(cell.width == width * sheet.zoom && cell.height == height * sheet.zoom)
      #expect(cell.x >= sheet.line && cell.y >= sheet.line)
      #expect(cell.x + cell.width + sheet.line <= sheet.width && cell.y + cell.height + sheet.line <= sheet.height)
      for y in cell.y..<cell.y + cell.height {
        for x in cell.x..<cell.x + cell.width {
          if isTaken[y * sheet.width + x] { overlaps += 1 }
          isTaken[y * sheet.width + x] = true
        }
      }
      let column = index % sheet.columns
      guard column > 0 else { continue }
      let before = sheet.cell(index - 1)
      #expect(cell.y == before.y)
      #expect(cell.x - before.x - before.width == sheet.line * (column % group == 0 ? 3 : 1))
    }
    #expect(overlaps == 0)
    // A full row ends where the sheet does.
    let last = sheet.cell(sheet.columns - 1)
    #expect(last.x + last.width + sheet.line == sheet.width)
  }

  @Test("groups of one are no groups")
  func groupsOfOne() {
    for count in [1, 7, 64] {
      let sheet = ContactSheet(count: count, width: 5, height: 4, group: 1)
      #expect(sheet == ContactSheet(count: count, width: 5, height: 4))
      let pitch = 5 * sheet.zoom + sheet.line
      #expect(sheet.width == sheet.line + sheet.columns * pitch)
      for index in 0..<count { #expect(sheet.cell(index).x == sheet.line + index % sheet.columns * pitch) }
    }
    #expect(ContactSheet(count: 64, width: 5, height: 5).columns == 8)
  }
}
