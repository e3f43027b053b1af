import MinimNN
import Testing

@Suite struct CouplingMaskTests {
  private static let masks: [CouplingMask] =
    [2, 3, 4, 7, 64].flatMap { [CouplingMask.half($0), .alternating($0)] }
    + [(1, 2), (2, 1), (2, 2), (3, 3), (4, 6), (5, 4)].map { .checkerboard(height: $0, width: $1) } + [.irregular]

  @Test("every dimension is kept or changed, and the complement does the other", arguments: masks)
  func partition(_ mask: CouplingMask) {
    #expect((mask.kept + mask.changed).sorted() == Array(0..<mask.dimensions))
    #expect(!mask.kept.isEmpty && !mask.changed.isEmpty)
    #expect(mask.complement.kept == mask.changed)
    #expect(mask.complement.changed == mask.kept)
    #expect(mask.complement.complement == mask)
  }

  @Test func kinds() {
    #expect(CouplingMask.half(5).kept == [0, 1])
    #expect(CouplingMask.half(4).kept == [0, 1])
    #expect(CouplingMask.alternating(5).kept == [0, 2, 4])
    #expect(CouplingMask.checkerboard(height: 2, width: 4).kept == [0, 2, 5, 7])
    // The control: on rows of odd width a checkerboard is alternating, on others it is not.
    #expect(CouplingMask.checkerboard(height: 3, width: 5) == .alternating(15))
    #expect(CouplingMask.checkerboard(height: 4, width: 4) != .alternating(16))
  }

  @Test("neighbors on a checkerboard are of different kind", arguments: [(3, 4), (4, 4), (2, 5)])
  func neighbors(_ height: Int, _ width: Int) {
    let kept = Set(CouplingMask.checkerboard(height: height, width: width).kept)
    for row in 0..<height {
      for column in 0..<width {
        let keeps = kept.contains(row * width + column)
        if column + 1 < width { #expect(kept.contains(row * width + column + 1) != keeps) }
        if row + 1 < height { #expect(kept.contains((row + 1) * width + column) != keeps) }
      }
    }
  }
}
