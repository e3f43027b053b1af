import MinimConfiguration
import MinimData
import MinimFiles
import TestSupport
import Testing

@Suite struct ContentSplitTests {
  /// Random images of 4x4, of which about one in ten repeats one before it, each with its index as label.
  private static let images: [[Float]] = {
    var generator = SplitMix(seed: 5)
    var images: [[Float]] = []
    while images.count < 1000 {
      if images.count > 10, generator.uniform() < 0.1 {
        images.append(images[Int(generator.next() % UInt64(images.count))])
      } else {
        images.append((0..<16).map { _ in generator.uniform() < 0.5 ? 0 : 1 })
      }
    }
    return images
  }()

  /// The parts "training", "validation" and "test" of some images.
  private static func split(
    _ images: [[Float]], labels: [Int] = [], _ shares: String = ""
  ) throws -> (parts: [Dataset?], data: DataSplit) {
    let folder = try TemporaryFolder()
    try put(images.flatMap { $0 }, [images.count, 4, 4], in: folder, as: "a.npy")
    var members = #""name": "images", "path": "a.npy", "threshold": 0.5, "split": {\#(shares)}"#
    if !labels.isEmpty {
      try put(labels.map { Float($0) }, [labels.count], in: folder, as: "labels.npy")
      members += #", "labels": "labels.npy""#
    }
    let data = try load("{\(members)}", from: folder.path)
    return ([data.rows, data.validation, data.test], data)
  }

  /// Which part each image is in; fails if that is not one, or not a known image.
  private static func membership(_ parts: [Dataset?]) -> [[Float]: Int] {
    var found: [[Float]: Int] = [:]
    for (part, data) in parts.enumerated() {
      for index in 0..<(data?.count ?? 0) {
        let image = Array(data?.example(index) ?? [])
        #expect(found[image] ?? part == part, "an image is on two sides")
        found[image] = part
      }
    }
    return found
  }

  @Test("every image is in one part, with its copies; the shares are those of distinct images")
  func parts() throws {
    let (parts, data) = try Self.split(Self.images)
    let membership = Self.membership(parts)
    let distinct = Set(Self.images)
    #expect(Set(membership.keys) == distinct)
    #expect(everything(data) == Self.images.sorted { $0.lexicographicallyPrecedes($1) })
    let counts = (0..<3).map { part in membership.values.count { $0 == part } }
    // Four standard deviations.
    for (count, share) in zip(counts, [0.7, 0.1, 0.2]) {
      let mean = Double(distinct.count) * share
      #expect(abs(Double(count) - mean) < 4 * (mean * (1 - share)).squareRoot(), "\(counts)")
    }
    #expect(data.shareOfDuplicates == Double(1000 - distinct.count) / 1000)
    #expect(distinct.count < 950)
    #expect(parts.compactMap { $0?.name.split(separator: ", ").last } == ["on from 0.5", "validation", "test"])
  }

  @Test("where an image goes does not depend on the order of the file, nor on the other images")
  func content() throws {
    let (parts, data) = try Self.split(Self.images)
    let (reversed, other) = try Self.split(Self.images.reversed())
    for (one, two) in zip(parts, reversed) { #expect(one?.values == two?.values) }
    #expect(data.digest == other.digest)
    let whole = Self.membership(parts)
    let half = Self.membership(try Self.split(Array(Self.images[..<500])).parts)
    #expect(half.count < whole.count && half.allSatisfy { whole[$0.key] == $0.value })
  }

  @Test("more for the test takes nothing out of it; a seed is another split")
  func sharesAndSeeds() throws {
    let first = Self.membership(try Self.split(Self.images).parts)
    let larger = Self.membership(try Self.split(Self.images, #""test": 0.5"#).parts)
    #expect(first.filter { $0.value == 2 }.allSatisfy { larger[$0.key] == 2 })
    let other = Self.membership(try Self.split(Self.images, #""seed": 1"#).parts)
    // Of independent splits 0.7^2 + 0.1^2 + 0.2^2 = 0.54 agree.
    let same = first.count { other[$0.key] == $0.value }
    #expect(abs(Double(same) / Double(first.count) - 0.54) < 0.08)
  }

  @Test("labels travel with their images")
  func labels() throws {
    let labels = Array(0..<1000)
    let (parts, data) = try Self.split(Self.images, labels: labels)
    #expect(data.classNames == labels.map(String.init) && data.classes == 1000)
    var seen: Set<Int> = []
    for part in parts.compactMap({ $0 }) {
      #expect(part.classes == 1000)
      for (index, label) in part.labels.enumerated() {
        #expect(Array(part.example(index)) == Self.images[label])
        #expect(seen.insert(label).inserted)
      }
    }
    #expect(seen.count == 1000)
    // Copies are in the order of their labels, whatever the order of the file.
    let (reversed, _) = try Self.split(Self.images.reversed(), labels: labels.reversed())
    for (one, two) in zip(parts, reversed) { #expect(one?.labels == two?.labels && one?.values == two?.values) }
  }

  @Test func shareOfDuplicates() throws {
    func image(_ code: Int) -> [Float] { (0..<16).map { Float(code >> $0 & 1) } }
    let all = #""validation": 0, "test": 0"#
    for (codes, share) in [
      ([1, 2, 3, 4], 0), ([1, 1, 1, 1], 0.75), ([1, 2, 1, 2], 0.5), ([0, 3, 3, 5, 6], 0.2), ([9], 0),
    ] as [([Int], Double)] {
      #expect(try Self.split(codes.map(image), all).data.shareOfDuplicates == share)
    }
  }

  @Test("a part that is asked for and stays empty is refused; what is not asked for is nil")
  func emptyParts() throws {
    let one = [Self.images[0], Self.images[0]]
    let (parts, _) = try Self.split(one, #""validation": 0, "test": 0"#)
    #expect(parts[0]?.count == 2 && parts[1] == nil && parts[2] == nil)
    for shares in ["", #""validation": 0"#, #""test": 0"#, #""validation": 0, "test": 0.9"#] {
      let error = #expect(throws: DataFileError.self, "\(shares)") { try Self.split(one, shares) }
      #expect(error?.exit == .badData && error?.description.contains("1 distinct images none is left for") == true)
    }
    let untested = try Self.split(Self.images, #""test": 0"#).parts
    #expect(untested[1] != nil && untested[2] == nil)
    let (most, _) = try Self.split(Self.images, #""validation": 0.9, "test": 0.05"#)
    #expect(most.compactMap { $0?.count }.reduce(0, +) == 1000)
  }
}
