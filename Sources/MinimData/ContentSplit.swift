import MinimConfiguration
import MinimFiles
import MinimKernels

/// Holds examples out by their content: the split that an example goes to is a function of its values and a seed alone.
/// Identical examples go to the same split, so no test example was trained on, and the order of a file does not matter.
struct ContentSplit: Sendable {
  /// The part of an example that decides its split.
  enum Content {
    /// All values, to the bit.
    case values
    /// Whether each value of other examples, in the same order, is above 0.5: variants of the same images are then split
    /// alike.
    case binary(Dataset)
  }

  let validation: Double, test: Double
  let seed: UInt64
  /// What examples are called, in the plural: images or rows.
  private let examples: String

  /// Reads the section "data.split".
  ///
  /// - Parameter examples: what examples are called, in the plural.
  init(_ section: ConfigurationSection, of examples: String = "images") {
    self.examples = examples
    validation = section.number(
      "validation", default: 0.1, in: 0...0.9, "The share of distinct \(examples) to choose the best step on.")
    test = section.number(
      "test", default: 0.2, in: 0...0.9, "The share of distinct \(examples) that no choice is made on.")
    seed = UInt64(section.integer("seed", default: 0, in: 0...(1 << 53), "Another seed holds out other \(examples)."))
    // With a margin for rounding: 0.9 and 0.05 add up to slightly more than 0.95.
    if validation + test > 0.95 + 1e-9 {
      section.report("test", "validation and test together leave less than 0.05 of the \(examples) to train on")
    }
  }

  /// Splits examples; each split is in the order of a hash of its examples.
  ///
  /// - Parameters:
  ///   - data: the examples.
  ///   - content: what is hashed.
  ///   - levels: the number of levels of their values.
  /// - Throws: `DataFileError` if a requested split stays empty.
  func split(
    _ data: Dataset, by content: Content, levels: Int?, classNames: [String], file: String
  ) throws -> DataSplit {
    let digests = (0..<data.count).map { digest($0, of: data, content) }
    // Identical examples are now neighbors; their labels order them, and then what the hash has not seen.
    let order = (0..<data.count).sorted { a, b in
      if digests[a] != digests[b] { return digests[a].lexicographicallyPrecedes(digests[b]) }
      if !data.labels.isEmpty, data.labels[a] != data.labels[b] { return data.labels[a] < data.labels[b] }
      return data.example(a).lexicographicallyPrecedes(data.example(b))
    }
    let copies = data.count - Set((0..<data.count).map { data.example($0) }).count
    let (tests, others) = order.partitioned { uniform(digests[$0]) < test }
    let (validations, trainings) = others.partitioned { uniform(digests[$0]) < test + validation }
    for (part, share, name) in [
      (tests, test, "test"), (validations, validation, "validation"), (trainings, 1, "training"),
    ]
    where share > 0 && part.isEmpty {
      throw DataFileError(
        file: file,
        reason:
          "of its \(data.count - copies) distinct \(examples) none is left for \(name). Give more \(examples), or "
          + "set \"data.split.validation\" and \"data.split.test\" to 0")
    }
    func part(_ indices: [Int], _ name: String) -> Dataset? {
      indices.isEmpty ? nil : data.selecting(indices, name: "\(data.name), \(name)")
    }
    return DataSplit(
      name: data.name, training: .rows(data.selecting(trainings, name: data.name)),
      validation: part(validations, "validation"), test: part(tests, "test"), classNames: classNames,
      shareOfDuplicates: Double(copies) / Double(data.count), levels: levels)
  }

  private func digest(_ index: Int, of data: Dataset, _ content: Content) -> [UInt8] {
    var hash = SHA256()
    switch content {
    case .binary(let other): hash.update(other.example(index).map { $0 > 0.5 ? 1 : 0 })
    case .values:
      for value in data.example(index) {
        // 0 and -0 are equal.
        withUnsafeBytes(of: (value == 0 ? 0 : value).bitPattern.littleEndian) { hash.update($0) }
      }
    }
    return hash.digest
  }

  /// A number in (0, 1) for an example.
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
