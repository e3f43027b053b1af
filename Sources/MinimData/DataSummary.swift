import MinimKernels

/// What a run would learn from: how many examples of what values and classes. Computed from the examples themselves.
package struct DataSummary: Sendable {
  /// A split with its number of examples.
  package struct Part: Sendable {
    package let name: String
    package let count: Int
  }

  /// The numbers of one value of the examples.
  package struct Column: Sendable {
    package let name: String
    package let least: Double, largest: Double, mean: Double, deviation: Double
    package var isConstant: Bool { least == largest }
    /// Whether the values are the whole numbers from some number on, each once: the numbers of the rows.
    package let countsRows: Bool
  }

  /// Whether examples are images.
  package let isImage: Bool
  /// The splits that have examples; empty if examples are drawn without end, or if there are none.
  package let parts: [Part]
  /// The number of examples that repeat one before; nil if that is not asked for.
  package let copies: Int?
  /// The least and the largest of all values; nil without examples.
  package let range: ClosedRange<Float>?
  /// The number of distinct values, counted up to `mostValues`.
  package let distinctValues: Int
  /// The values of an example one by one; empty for images.
  package let columns: [Column]
  /// The number of values that are the same in all examples.
  package let constantCount: Int
  /// The classes with the number of their examples.
  package let classes: [Part]

  /// The most distinct values that are counted.
  package static let mostValues = 257

  /// Looks at all examples of some data.
  package init(_ data: DataSplit) {
    isImage = data.exampleShape.count == 3
    let all = [data.rows, data.validation, data.test].compactMap { $0 }
    parts = Self.parts(of: data)
    let count = all.reduce(0) { $0 + $1.count }
    copies = data.shareOfDuplicates.map { Int(($0 * Double(count)).rounded()) }
    let values = all.flatMap(\.values)
    range = values.isEmpty ? nil : (values.min() ?? 0)...(values.max() ?? 0)
    var distinct: Set<Float> = []
    for value in values where distinct.count < Self.mostValues { distinct.insert(value) }
    distinctValues = distinct.count
    let width = max(1, data.exampleShape.reduce(1, *))
    let isConstant = (0..<(values.isEmpty ? 0 : width)).map { place in
      stride(from: place, to: values.count, by: width).allSatisfy { values[$0] == values[place] }
    }
    constantCount = isConstant.count { $0 }
    columns =
      isImage || values.isEmpty
      ? []
      : (0..<width).map { place in
        let name = data.columnNames.indices.contains(place) ? data.columnNames[place] : "\(place + 1)"
        return Column(name, stride(from: place, to: values.count, by: width).map { Double(values[$0]) })
      }
    let labels = all.flatMap(\.labels)
    classes = data.classNames.enumerated().map { label, name in
      Part(name: name, count: labels.count { $0 == label })
    }
  }

  /// The splits that have examples.
  package static func parts(of data: DataSplit) -> [Part] {
    [("training", data.rows), ("validation", data.validation), ("test", data.test)].compactMap { name, part in
      part.map { Part(name: name, count: $0.count) }
    }
  }

  /// The number of examples.
  package var count: Int { parts.reduce(0) { $0 + $1.count } }
}

extension DataSummary.Column {
  fileprivate init(_ name: String, _ values: [Double]) {
    self.name = name
    let count = Double(max(1, values.count))
    let (least, largest) = (values.min() ?? 0, values.max() ?? 0)
    let mean = values.reduce(0, +) / count
    deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    countsRows =
      values.count > 2 && largest - least == count - 1 && Set(values).count == values.count
      && values.allSatisfy { $0 == $0.rounded() }
    (self.least, self.largest, self.mean) = (least, largest, mean)
  }
}
