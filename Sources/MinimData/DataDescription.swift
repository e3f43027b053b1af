import MinimFiles

/// What a model must know about data of a file to draw samples: everything except the examples. A run keeps it, so that a
/// trained model outlives its data.
package struct DataDescription: Sendable {
  /// The data without their examples.
  package let split: DataSplit
  /// SHA-256 of the data.
  package let digest: String

  /// Creates the description of data that are there.
  ///
  /// - Parameters:
  ///   - data: the data, whose training examples are rows.
  ///   - digest: their SHA-256.
  ///   - constants: what the model took from them, by name.
  /// - Returns: nil if they are not those of a file: all others can be made again.
  package init?(_ data: DataSplit, digest: String, constants: [String: [Double]] = [:]) {
    guard data.reader != nil, let rows = data.rows else { return nil }
    self.digest = digest
    split = Self.split(
      name: data.name, count: rows.count, exampleShape: data.exampleShape,
      heldOut: (data.validation != nil, data.test != nil), classNames: data.classNames, columnNames: data.columnNames,
      levels: data.levels, knownLevels: data.knownLevels, scaling: data.scaling, constants: constants)
  }

  private static func split(
    name: String, count: Int, exampleShape: [Int], heldOut: (validation: Bool, test: Bool), classNames: [String],
    columnNames: [String], levels: Int?, knownLevels: Int?, scaling: Scaling?, constants: [String: [Double]]
  ) -> DataSplit {
    let nothing = Dataset(name: name, exampleShape: exampleShape, values: [], classes: classNames.count)
    return DataSplit(
      name: name, training: .absent(count: count, exampleShape: exampleShape),
      validation: heldOut.validation ? nothing : nil, test: heldOut.test ? nothing : nil, classNames: classNames,
      levels: levels, scaling: scaling
    ).with(columnNames: columnNames).remembering(knownLevels: knownLevels, constants: constants)
  }
}

// MARK: - As a file

extension DataDescription {
  /// The content of the file.
  package var json: JSON {
    var json: JSON = [
      "version": 1, "name": .string(split.name), "sha256": .string(digest),
      "examples": split.training.count.map { .integer($0) } ?? .null,
      "exampleShape": .array(split.exampleShape.map { .integer($0) }),
      "hasValidation": .bool(split.validation != nil), "hasTest": .bool(split.test != nil),
      "classes": .array(split.classNames.map { .string($0) }), "columns": .array(split.columnNames.map { .string($0) }),
      "levels": split.levels.map { .integer($0) } ?? .null,
      "knownLevels": split.knownLevels.map { .integer($0) } ?? .null,
    ]
    if let scaling = split.scaling {
      json["offset"] = .array(scaling.offset.map { .number($0) })
      json["scale"] = .array(scaling.scale.map { .number($0) })
    }
    if !split.constants.isEmpty {
      let constants = split.constants.sorted { $0.key < $1.key }
      json["constants"] = .object(JSONObject(constants.map { .init(key: $0, value: .array($1.map { .number($0) })) }))
    }
    return json
  }

  /// Reads the content of the file; nil if it is not a description.
  package init?(_ json: JSON) {
    guard json["version"]?.integer == 1, let name = json["name"]?.string, let digest = json["sha256"]?.string,
      let count = json["examples"]?.integer, count > 0,
      let shape = json["exampleShape"]?.array?.compactMap(\.integer), !shape.isEmpty, shape.allSatisfy({ $0 > 0 }),
      let values = Self.product(shape)
    else { return nil }
    let numbers = { (key: String) in json[key]?.array?.compactMap(\.number).filter(\.isFinite) ?? [] }
    let (offset, scale) = (numbers("offset"), numbers("scale"))
    guard offset.count == scale.count, scale.isEmpty || scale.count == values, scale.allSatisfy({ $0 > 0 }) else {
      return nil
    }
    let levels = ["levels", "knownLevels"].map { json[$0]?.integer }
    guard levels.allSatisfy({ (1...65_536).contains($0 ?? 2) }) else { return nil }
    let constants = (json["constants"]?.object?.members ?? []).map {
      ($0.key, $0.value.array?.compactMap(\.number) ?? [])
    }
    self.digest = digest
    split = Self.split(
      name: name, count: count, exampleShape: shape,
      heldOut: (json["hasValidation"]?.bool ?? false, json["hasTest"]?.bool ?? false),
      classNames: json["classes"]?.array?.compactMap(\.string) ?? [],
      columnNames: json["columns"]?.array?.compactMap(\.string) ?? [], levels: levels[0], knownLevels: levels[1],
      scaling: scale.isEmpty ? nil : Scaling(offset: offset, scale: scale),
      constants: Dictionary(constants) { first, _ in first })
  }

  /// The number of values of an example; nil if it is larger than any that a run can have had.
  private static func product(_ shape: [Int]) -> Int? {
    var values = 1
    for extent in shape {
      let (next, overflows) = values.multipliedReportingOverflow(by: extent)
      guard !overflows, next <= 1 << 24 else { return nil }
      values = next
    }
    return values
  }
}
