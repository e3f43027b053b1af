import Foundation
import MinimDrawing
import MinimFiles
import TestSupport
import Testing

/// Plots as drawings: what is where.
@Suite struct PlotLayoutTests {
  private static func plot(
    _ series: [Plot.Series], x: ClosedRange<Double>? = 0...1, y: ClosedRange<Double>? = 0...1, isSquare: Bool = false
  ) -> Plot {
    Plot("title", xLabel: "x", yLabel: "y", isSquare: isSquare, xRange: x, yRange: y, series)
  }

  /// The points of dots, and those of lines in a color, as shares of the frame, y upward.
  private static func points(_ plot: Plot, color: Int = 0) -> [[(x: Double, y: Double)]] {
    let frame = plot.frame, ink = Drawing.Ink.color(Plot.colors[color])
    func share(_ point: Shape.Point) -> (x: Double, y: Double) {
      ((point.x - frame.left) / frame.width, (frame.bottom - point.y) / frame.height)
    }
    return plot.drawing.parts.flatMap { part -> [[(x: Double, y: Double)]] in
      switch part {
      case .dots(let points, _, _, ink): [points.map(share)]
      case .stroke(let path, let stroke) where stroke.ink == ink: path.contours.map { $0.points.map(share) }
      default: []
      }
    }
  }

  private static func agree(_ found: [[(x: Double, y: Double)]], _ expected: [[(x: Double, y: Double)]]) -> Bool {
    found.count == expected.count
      && zip(found, expected).allSatisfy { a, b in
        a.count == b.count && zip(a, b).allSatisfy { abs($0.x - $1.x) < 1e-9 && abs($0.y - $1.y) < 1e-9 }
      }
  }

  @Test("points are where their numbers say; those outside are left out and counted, those without a place left out")
  func points() {
    let inside: [(x: Double, y: Double)] = [(0.25, 0.75), (0.5, 0.5), (0, 0), (1, 1), (1, 0)]
    let outside: [(x: Double, y: Double)] = [(-0.01, 0.5), (1.01, 0.5), (0.5, 1.01), (0.5, -9)]
    let nowhere: [(x: Double, y: Double)] = [(.nan, 0.5), (0.5, .nan), (.infinity, 0.5), (0.5, -.infinity)]
    #expect(Self.agree(Self.points(Self.plot([.init(.points(inside))])), [inside]))
    let all = Self.plot([.init(.points(inside + outside + nowhere))])
    #expect(Self.agree(Self.points(all), [inside]))
    #expect(all.drawing.words.contains { $0.text == "8 of 13 points outside of the frame" })
    #expect(!Self.plot([.init(.points(inside))]).drawing.words.contains { $0.text.contains("outside") })
    // Without ranges the axes are made for them, and all that have a place are there.
    let free = Self.plot([.init(.points(inside + [(7, -3), (.nan, 2)]))], x: nil, y: nil)
    #expect(Self.points(free).map(\.count) == [6])
  }

  @Test("dots have bars as long as their errors, cut at the frame") func errorBars() {
    let dots: [(x: Double, y: Double, error: Double)] = [
      (0.5, 0.5, 0.25), (0.2, 0.9, 0.3), (0.3, 0.3, .infinity), (2, 0, 1), (0.5, 0.5, .nan),
    ]
    let found = Self.points(Self.plot([.init(.dots(dots))]))
    let expected: [[(x: Double, y: Double)]] = [
      [(0.5, 0.25), (0.5, 0.75)], [(0.2, 0.6), (0.2, 1)], [(0.5, 0.5), (0.2, 0.9), (0.3, 0.3)],
    ]
    // A bar without an end has no place.
    #expect(Self.agree(found, expected), "\(found)")
  }

  @Test("lines end at the frame, where a line without an end would, and have gaps where there is no number")
  func clipping() {
    func line(_ points: [(x: Double, y: Double)]) -> [[(x: Double, y: Double)]] {
      Self.points(Self.plot([.init(.lines([points]))]))
    }
    #expect(Self.agree(line([(-2, 0.5), (3, 0.5)]), [[(0, 0.5), (1, 0.5)]]))
    #expect(Self.agree(line([(0.25, 0.5), (0.25, 9)]), [[(0.25, 0.5), (0.25, 1)]]))
    #expect(Self.agree(line([(-1, -1), (2, 2)]), [[(0, 0), (1, 1)]]))
    #expect(Self.agree(line([(-0.5, 1), (0.5, 0)]), [[(0, 0.5), (0.5, 0)]]))
    // None of them meets the frame: next to it, and past a corner with both boxes overlapping.
    for ends in [[(-2, 1.5), (3, 1.5)], [(-1, 0.5), (-0.1, 0.5)], [(-0.6, 0.5), (0.5, 1.6)], [(2, 0), (2, 1)]] {
      #expect(line(ends.map { (x: $0.0, y: $0.1) }).isEmpty, "\(ends)")
    }
    #expect(Self.agree(line([(0.5, 0), (0.5, .nan), (0.5, 1), (-1e308, 1)]), [[(0.5, 1), (0, 1)]]))
    #expect(Self.agree(line([(-1e9, 0.5), (1e9, 0.5)]), [[(0, 0.5), (1, 0.5)]]))
    // Neighbors are one line, and one that leaves and comes back is two.
    #expect(Self.agree(line([(0, 0), (0.5, 1), (1, 0)]), [[(0, 0), (0.5, 1), (1, 0)]]))
    #expect(
      Self.agree(line([(0, 0.5), (0.25, 1.5), (0.5, 0.5)]), [[(0, 0.5), (0.125, 1)], [(0.375, 1), (0.5, 0.5)]]))
  }

  @Test("given ranges are the frame; in a square one a unit is as long each way, the control is not so")
  func scales() {
    let ends: [(x: Double, y: Double)] = [(2, -1), (4, -1), (3, -2), (3, 0)]
    func extents(_ isSquare: Bool) -> (width: Double, height: Double) {
      let plot = Self.plot([.init(.points(ends))], x: 1...5, y: -3...9, isSquare: isSquare)
      let points = Self.points(plot)[0]
      return ((points[1].x - points[0].x) * plot.frame.width, (points[3].y - points[2].y) * plot.frame.height)
    }
    let (square, plain) = (extents(true), extents(false))
    #expect(abs(square.width - square.height) < 1e-9 && plain.width > 2 * plain.height)
  }

  @Test("one given range leaves the other to the values") func oneRange() {
    let plot = Self.plot([.init(.points([(0, 0), (5, 5), (10, 100)]))], x: 0...5, y: nil)
    #expect(Self.points(plot).map(\.count) == [2] && plot.axes.y.range.upperBound > 100)
  }

  @Test("a field fills the frame, its rows from the bottom up, with its values next to it") func field() throws {
    let field = Plot.Field([0, 1, 2, .nan], named: "height (m)", columns: 2, x: 0...1, y: 0...1)
    let plot = Plot("f", xLabel: "x", yLabel: "y", [.init(.field(field))])
    let images = plot.drawing.parts.compactMap { if case .image(let image, let box) = $0 { (image, box) } else { nil } }
    try #require(images.count == 2)
    let (image, box) = images[0]
    #expect(box == plot.frame && image.width == 2 && image.height == 2)
    #expect(image[0, 1] == .white && image[1, 0] == .magenta && image[0, 0] == Image.Color(8, 48, 107))
    #expect(image[1, 1] == Image.Color(107, 174, 214))
    // The bar has the first color below and the last one above, and its ends are 0 and 2.
    #expect(images[1].0[0, 255] == .white && images[1].0[0, 0] == Image.Color(8, 48, 107))
    let beside = plot.drawing.words.filter { $0.x > plot.frame.right + 10 }
    #expect(beside.first?.text == "0" && beside.dropLast().last.map { Double($0.text) } == 2)
    #expect(beside.last?.text == "height (m)" && beside.last?.isUpright == true)
    #expect(abs((beside.first?.y ?? 0) - plot.frame.bottom) < 6)
  }

  @Test("series have colors of their own in order, a given color takes none from the others, and lines differ in print")
  func colors() {
    let lines: [[(x: Double, y: Double)]] = (0..<3).map { row in [(0, Double(row)), (1, Double(row))] }
    let plot = Plot(
      "l", xLabel: "x", yLabel: "y",
      [.init(.line(lines[0]), name: "a"), .init(.line(lines[1]), color: 4), .init(.line(lines[2]), name: "b")])
    #expect([0, 4, 1, 2].map { Self.points(plot, color: $0).count } == [2, 1, 2, 0])
    let strokes = plot.drawing.parts.compactMap { part -> Drawing.Stroke? in
      if case .stroke(_, let stroke) = part, case .color = stroke.ink { stroke } else { nil }
    }
    #expect(Set(strokes.map(\.dashes)).count == 3)
    // No gap can hide a bend, and the legend shows the longest dash twice.
    let gaps = strokes.flatMap { stroke in stroke.dashes.indices.filter { $0 % 2 == 1 }.map { stroke.dashes[$0] } }
    #expect(!gaps.isEmpty && gaps.allSatisfy { $0 <= 3 })
  }

  @Test("lines on shades are as wide as curves and have white edges, which lie under all lines; other lines have none")
  func edges() {
    let line: [(x: Double, y: Double)] = [(0, 0), (1, 1)]
    let lines: [Plot.Series] = [.init(.line(line), color: 0), .init(.lines([line]), color: 1)]
    let field = Plot.Field([0, 1, 2, 3], named: "v", columns: 2, x: 0...1, y: 0...1)
    func strokes(_ series: [Plot.Series]) -> [Drawing.Stroke] {
      Plot("l", xLabel: "x", yLabel: "y", series).drawing.parts.compactMap { part in
        if case .stroke(_, let stroke) = part, case .color = stroke.ink { stroke } else { nil }
      }
    }
    let white = Drawing.Ink.color(.gray(255)), plain = strokes(lines)
    #expect(plain.count == 2 && !plain.contains { $0.ink == white })
    let found = strokes([.init(.field(field))] + lines), own = Array(found.suffix(2))
    #expect(found.map { $0.ink == white } == [true, true, false, false])
    #expect(own.map(\.ink) == plain.map(\.ink) && own.map(\.dashes) == plain.map(\.dashes))
    #expect(plain.map(\.width) == [1.8, 0.8] && own.map(\.width) == [1.8, 1.8])
    #expect(zip(found, own).allSatisfy { $0.width == $1.width + 2 && $0.dashes.isEmpty })
  }

  @Test(
    "words never meet, however long they are",
    arguments: [
      "", "x", "a longer title of two parts, which says what is seen", String(repeating: "word ", count: 60),
      String(repeating: "unbroken", count: 40),
    ])
  func words(_ text: String) {
    let line: [(x: Double, y: Double)] = [(-123_456.789, 1e-7), (98_765.4, 3e-7)]
    let field = Plot.Field([1, 2, -3, 4e9], named: text, columns: 2, x: -1...1, y: -1...1, range: 0...1e9)
    let series = (0..<6).map { Plot.Series(.line(line), name: "\(text) \($0)") }
    for plot in [
      Plot(text, xLabel: text, yLabel: text, series), Plot(text, xLabel: text, yLabel: text, isSquare: true, series),
      Plot(text, xLabel: text, yLabel: text, [.init(.field(field), name: text)]),
      Plot(
        text, xLabel: text, yLabel: text, xRange: 0.5...3.5, yRange: 0.5...3.5, xNames: [text, text, "c"],
        yNames: ["a", "b", "c"], series),
      Plot(text, xLabel: text, yLabel: text, xRange: 0...1e-9, yRange: 5_000_000...5_000_001, series),
    ] {
      #expect(problems(of: plot.drawing).isEmpty, "\(problems(of: plot.drawing))")
      let panels = Picture("p", plots: [plot, plot, plot], columns: 2).content.drawing
      #expect(panels.map { problems(of: $0) } == [])
    }
  }

  @Test("values beyond the colors have an arrow at the bar, and a scale that begins a little above 0 begins at 0")
  func bars() {
    func drawing(_ values: [Double], _ range: ClosedRange<Double>?) -> (arrows: [Drawing.Ink], ticks: [String]) {
      let field = Plot.Field(values, named: "v", columns: 2, x: 0...1, y: 0...1, range: range)
      let plot = Plot("f", xLabel: "x", yLabel: "y", [.init(.field(field))]), parts = plot.drawing.parts
      return (
        parts.compactMap { if case .fill(_, let ink) = $0 { ink } else { nil } },
        plot.drawing.words.filter { $0.x > plot.frame.right + 10 }.map(\.text)
      )
    }
    let palette = Plot.Field.Palette.blues
    #expect(drawing([0, 0.5, 1, 1], 0...1).arrows.isEmpty)
    #expect(drawing([0, 0.5, 1, 1.01], 0...1).arrows == [.color(palette.color(1))])
    #expect(drawing([-0.01, 0.5, 1, 1.01], 0...1).arrows == [.color(palette.color(1)), .color(palette.color(0))])
    #expect(
      drawing([0.001, 0.5, 1, 1], nil).ticks.first == "0" && drawing([0.3, 0.5, 1, 1], nil).ticks.first == "0.4")
  }

  @Test("dots of different colors have different marks, which print as different shapes") func marks() {
    let dots: [(x: Double, y: Double, error: Double)] = [(0.5, 0.5, 0)]
    let plot = Self.plot((0..<10).map { .init(.dots(dots), name: "\($0)", color: Plot.classColor($0)) })
    let marks = plot.drawing.parts.compactMap { if case .dots(_, let mark, _, _) = $0 { mark } else { nil } }
    // Ten in the frame, and the same in the legend.
    #expect(marks.count == 20 && Set(marks).count == 10 && Array(marks.prefix(10)) == Array(marks.suffix(10)))
  }

  @Test("the frames of a row are equally high, a plane among them; titles of two lines have no lone last word")
  func rows() {
    let curve = Self.plot([.init(.line([(0, 0), (1, 1)]))]), plane = Self.plot([.init(.diagonal)], isSquare: true)
    func heights(_ plots: [Plot]) -> [Double] {
      let drawing = Picture("p", plots: plots, columns: 2).content.drawing
      return (drawing?.parts ?? []).compactMap { part in
        guard case .stroke(let path, let stroke) = part, stroke.ink == .soft, path.contours[0].isClosed else {
          return nil
        }
        let places = path.contours[0].points.map(\.y)
        return (places.max() ?? 0) - (places.min() ?? 0)
      }
    }
    let panels = Picture("p", plots: [curve, plane, curve], columns: 2).content.drawing
    for (box, words) in zip(panels?.panels ?? [], (panels?.words ?? []).filter { $0.text == "title" }) {
      #expect(box.contains(words.box))
    }
    #expect(
      panels?.panels.count == 3 && panels?.svg(title: "p", isAlone: true).text.contains(" data-panels=\"0 ") == true)
    #expect(Set(heights([curve, plane])).count == 1 && Set(heights([curve, curve, plane])).count == 2)
    let title = "a title that is just a little longer than the frame is wide, so one word is alone"
    let lines = Plot(title, xLabel: "x", yLabel: "y", [.init(.line([(0, 0), (1, 1)]))]).drawing.words.filter {
      title.contains($0.text) && $0.text.count > 1
    }
    #expect(lines.count == 2 && lines.map(\.text).joined(separator: " ") == title)
    #expect((lines.last?.text.split(separator: " ").count ?? 0) > 4)
  }

  @Test("a name of a million letters makes no larger picture than one of a thousand") func size() {
    func size(_ count: Int) -> [Double] {
      let text = String(repeating: "name ", count: count)
      let plot = Plot(
        text, xLabel: text, yLabel: text, xRange: 0.5...2.5, yRange: 0.5...2.5, xNames: [text, "b"],
        yNames: [text, "b"],
        [.init(.points([(1, 1)]), name: text)])
      return [plot.drawing.width, plot.drawing.height]
    }
    #expect(size(200) == size(200_000))
  }

  @Test("the control: words at one place, and words beyond the edge, are found") func control() {
    var drawing = Drawing(width: 50, height: 50)
    drawing.parts = [.words(.init("one", x: 10, y: 20, size: 11)), .words(.init("two", x: 20, y: 22, size: 11))]
    #expect(problems(of: drawing).count == 1)
    drawing.parts = [.words(.init("one", x: 40, y: 20, size: 11))]
    #expect(problems(of: drawing).count == 1)
  }

  @Test("a picture of nothing, of one value, and of what is no number is drawn") func extremes() {
    let huge = Double.greatestFiniteMagnitude, tiny = Double.leastNonzeroMagnitude
    let odd: [[(x: Double, y: Double, error: Double)]] = [
      [], [(3, 3, 0)], [(3, 3, 0), (3, 3, 0)], [(0, 0, 0)], [(huge, -huge, 0)], [(-huge, huge, huge), (huge, 0, 1)],
      [(1, 2, .infinity), (2, 1, 0)], [(tiny, 0, 0), (2 * tiny, 3 * tiny, 0)], [(1e17, 1e17 + 16, 0)], [(1, 1, -3)],
    ]
    for points in odd {
      for isSquare in [false, true] {
        let plot = Self.plot([.init(.diagonal), .init(.dots(points))], x: nil, y: nil, isSquare: isSquare)
        #expect(plot.draw().width > 100)
        _ = plot.drawing.svg(title: "odd")
      }
    }
  }
}
