import MinimFiles

extension SampleSheet {
  /// The sheet as an image: samples outside the data's support are framed in red, and each sample's neighbor, if any,
  /// is to its right.
  package var image: Image {
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
}
