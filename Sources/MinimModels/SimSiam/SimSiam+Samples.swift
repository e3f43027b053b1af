import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

extension SimSiam {
  /// Rows of eight: a held-out example, an image moved by up to a pixel, and the seven training examples whose
  /// representations are nearest.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    let encoder = try TrainedEncoder(self, trained)
    guard let known = trained.data.rows, let held = trained.data.test ?? trained.data.rows else {
      return Samples([], of: trained.data)
    }
    let rows = (count + Self.columns - 1) / Self.columns
    let key = RandomKey(seed: trained.seed).folding(.sampling)
    let queries = (0..<rows).map { row -> Dataset in
      let image = key.index(below: held.count, at: UInt64(3 * row))
      let query = held.selecting([image], name: held.name)
      guard isImage else { return query }
      func move(_ axis: Int) -> Int { key.index(below: 3, at: UInt64(3 * row + axis)) - 1 }
      return query.moved(by: [(move(1), move(2))], filling: trained.data.black)
    }
    let query = Dataset(name: held.name, exampleShape: exampleShape, values: queries.flatMap(\.values))
    let nearest = try NearestRepresentations(
      encoder.representations(of: known), width: encoder.width, labels: known.labels, classes: known.classes, trained
    ).neighbors(of: encoder.representations(of: query), k: min(Self.columns - 1, known.count))
    let values = (0..<rows).flatMap { row in
      Array(query.example(row))
        + (0..<Self.columns - 1).flatMap { known.example(nearest[row][$0 % nearest[row].count]) }
    }
    let shown = Array(values.prefix(count * exampleShape.reduce(1, *)))
    guard isImage else { return Samples(shown.map(Double.init), of: trained.data) }
    let sheet = SampleSheet(
      height: exampleShape[0], width: exampleShape[1], pixels: trained.data.brightness(shown), columns: Self.columns,
      captions: ["first in each row: a held-out image, moved; then the nearest training images"])
    return Samples(shown, exampleShape: exampleShape, content: .sheet(sheet))
  }

  static let columns = 8
}
