import MinimConfiguration
import MinimFiles
import MinimKernels

/// Holds images out by their content: the split that an image goes to is a function of its pixels and a seed alone.
/// Identical images go to the same split, so no test image was trained on, and the order of files does not matter.
struct ContentSplit: Sendable {
  let validation: Double, test: Double
  let seed: UInt64

  /// Reads the section "data.split".
  init(_ section: ConfigurationSection) {
    validation = section.number(
      "validation", default: 0.1, in: 0...0.9, "The share of distinct images to choose the best step on.")
    test = section.number("test", default: 0.2, in: 0...0.9, "The share of distinct images that no choice is made on.")
    seed = UInt64(section.integer("seed", default: 0, in: 0...(1 << 53), "Another seed holds out other images."))
    // With a margin for rounding: 0.9 and 0.05 add up to slightly more than 0.95.
    if validation + test > 0.95 + 1e-9 {
      section.report("test", "validation and test together leave less than 0.05 of the images to train on")
    }
  }

  /// Splits the images; each split is in the order of a hash of its images.
  ///
  /// - Parameters:
  ///   - levels: the number of levels of the images' values.
  ///   - contents: images to hash in place of these, such as their binary versions.
  /// - Throws: `DataFileError` if a requested split stays empty.
  func split(
    _ images: Dataset, levels: Int, by contents: Dataset? = nil, classNames: [String], file: String
  ) throws -> DataSplit {
    let digests = (0..<images.count).map { digest((contents ?? images).example($0)) }
    // Identical images are now neighbors; their labels order them, and then what the hash has not seen.
    let order = (0..<images.count).sorted { a, b in
      if digests[a] != digests[b] { return digests[a].lexicographicallyPrecedes(digests[b]) }
      if !images.labels.isEmpty, images.labels[a] != images.labels[b] { return images.labels[a] < images.labels[b] }
      return images.example(a).lexicographicallyPrecedes(images.example(b))
    }
    let copies = images.count - Set((0..<images.count).map { images.example($0) }).count
    let (tests, others) = order.partitioned { uniform(digests[$0]) < test }
    let (validations, trainings) = others.partitioned { uniform(digests[$0]) < test + validation }
    for (part, share, name) in [
      (tests, test, "test"), (validations, validation, "validation"), (trainings, 1, "training"),
    ]
    where share > 0 && part.isEmpty {
      throw DataFileError(
        file: file,
        reason: "of its \(images.count - copies) distinct images none is left for \(name). Give more images, or set "
          + "\"data.split.validation\" and \"data.split.test\" to 0")
    }
    func part(_ indices: [Int], _ name: String) -> Dataset? {
      indices.isEmpty ? nil : images.selecting(indices, name: "\(images.name), \(name)")
    }
    return DataSplit(
      name: images.name, training: .rows(images.selecting(trainings, name: images.name)),
      validation: part(validations, "validation"), test: part(tests, "test"), classNames: classNames,
      shareOfDuplicates: Double(copies) / Double(images.count), levels: levels)
  }

  private func digest(_ image: ArraySlice<Float>) -> [UInt8] {
    var hash = SHA256()
    hash.update(image.map { $0 > 0.5 ? 1 : 0 })
    return hash.digest
  }

  /// A number in (0, 1) for an image.
  private func uniform(_ digest: [UInt8]) -> Double {
    let word = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return RandomKey(seed: seed).folding(.data).folding(word).uniform(at: 0)
  }
}

extension Array {
  /// The elements for which a condition holds, and the others, each in order.
  fileprivate func partitioned(by condition: (Element) -> Bool) -> ([Element], [Element]) {
    (filter(condition), filter { !condition($0) })
  }
}
