import MinimAutodiff
import TestSupport
import Testing

@Suite struct IndexingTests {
  private static let given = (0..<24).map(Double.init)
  private static let x = Tensor.input("x", shape: [2, 3, 4])

  private static func value(_ tensor: Tensor) throws -> [Double] { try evaluate([tensor], inputs: ["x": given])[0] }

  @Test("parts along the first and the last axis, counted from the start and from the end") func parts() throws {
    #expect(Self.x[1].shape == [3, 4] && Self.x[..., 2].shape == [2, 3])
    #expect(try Self.value(Self.x[1]) == Array(Self.given[12...]))
    #expect(try Self.value(Self.x[-2]) == Array(Self.given[..<12]))
    #expect(try Self.value(Self.x[..., 2]) == [2, 6, 10, 14, 18, 22])
    #expect(try Self.value(Self.x[..., -4]) == [0, 4, 8, 12, 16, 20])
    #expect(try Self.value(Self.x[1][-1][..., 0]) == [20])
    #expect(Self.x[0][0][0].shape == [])
  }

  @Test("sums, means, maxima over one axis: the same as over a list of it, kept or not", arguments: [0, 1, 2, -1, -3])
  func axes(_ axis: Int) throws {
    let place = axis < 0 ? axis + 3 : axis
    let pairs = [
      (Self.x.sum(axis: axis), Self.x.sum(axis: axis, keepingDimensions: true), Self.x.sum(axes: [place])),
      (Self.x.mean(axis: axis), Self.x.mean(axis: axis, keepingDimensions: true), Self.x.mean(axes: [place])),
      (Self.x.max(axis: axis), Self.x.max(axis: axis, keepingDimensions: true), Self.x.max(axis: place)),
      (
        Self.x.logSumExp(axis: axis), Self.x.logSumExp(axis: axis, keepingDimensions: true),
        Self.x.logSumExp(axis: place)
      ),
    ]
    for (plain, kept, expected) in pairs {
      var shape = Self.x.shape
      shape[place] = 1
      #expect(plain.shape == expected.shape && kept.shape == shape)
      let numbers = try Self.value(expected)
      #expect(try Self.value(plain) == numbers && Self.value(kept) == numbers)
    }
  }
}
