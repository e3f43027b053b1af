import MinimData
import TestSupport
import Testing

/// Which pixels are on.
@Suite struct ThresholdTests {
  @Test("a threshold in the file's units counts as on, also one that Float cannot hold")
  func thresholds() throws {
    let folder = try TemporaryFolder()
    try folder.put(Array("0.1,0.3,0.7,0.9\n0.7,0.69,0.71,0.1\n".utf8), "a.csv")
    for (threshold, expected) in [
      ("0.7", [[0, 0, 1, 1], [1, 0, 1, 0]]), ("0.1", [[1, 1, 1, 1], [1, 1, 1, 1]]),
      ("0.3", [[0, 1, 1, 1], [1, 1, 1, 0]]), ("2", [[0, 0, 0, 0], [0, 0, 0, 0]]),
      ("null", [[0, 0, 1, 1], [1, 1, 1, 0]]),
    ] as [(String, [[Float]])] {
      let data = try load(unsplit(#""path": "a.csv", "threshold": \#(threshold)"#), from: folder.path)
      #expect(everything(data) == expected, "threshold \(threshold)")
    }
  }

  @Test("images of one value: 0 is off, and the reader says so")
  func constant() throws {
    let folder = try TemporaryFolder()
    for (value, on, words) in [
      (0, 0, "off: all of them are 0"), (7, 1, "on: all of them are 7"), (0.25, 1, "on: all"), (-3, 0, "off: all"),
    ] as [(Float, Float, String)] {
      try put([value, value, value, value], [1, 2, 2], in: folder, as: "a.npy")
      let data = try load(unsplit(#""path": "a.npy""#), from: folder.path)
      #expect(data.rows?.values == [on, on, on, on], "\(value)")
      #expect(data.reading.remarks.contains { $0.hasPrefix("Every pixel is \(words)") }, "\(data.reading.remarks)")
    }
    // Black in gray levels has two, as any other binary image.
    try put([0, 0, 0, 0], [1, 2, 2], in: folder, as: "a.npy")
    let gray = try load(unsplit(#""path": "a.npy""#, values: "gray"), from: folder.path)
    #expect(gray.levels == 2 && gray.rows?.values == [0, 0, 0, 0])
    let usual = try load(unsplit(#""path": "a.npy", "size": 1"#), from: folder.path)
    #expect(usual.rows?.values == [0])
  }

  @Test("a threshold beyond the values is told, also as the reason why nothing is left to split")
  func beyond() throws {
    let folder = try TemporaryFolder()
    try put([0, 9, 5, 9], [2, 1, 2], in: folder, as: "a.npy")
    for (threshold, words) in [
      ("300", #"off: "data.threshold" 300 is above all of the values, which go from 0 to 9"#),
      ("0", #"on: "data.threshold" 0 is not above any of the values"#),
    ] {
      let data = try load(unsplit(#""path": "a.npy", "threshold": \#(threshold)"#), from: folder.path)
      #expect(data.reading.remarks.contains { $0.contains(words) }, "\(data.reading.remarks)")
      isRefused(
        #"{"name": "images", "path": "a.npy", "threshold": \#(threshold)}"#, in: folder, file: "a.npy", words,
        "distinct")
    }
    #expect(try load(unsplit(#""path": "a.npy", "threshold": 5"#), from: folder.path).reading.remarks == [])
  }
}
