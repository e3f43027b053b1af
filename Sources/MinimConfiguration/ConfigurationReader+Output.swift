import MinimFiles

// What is written about a configuration that was read.

extension ConfigurationReader {
  /// The configuration with every default, in the order of reading. Reading it again gives the same.
  public var resolved: JSON { .object(values(in: "", where: { _ in true })) }

  /// The part of `resolved` with only the keys that can change a result: the input of a configuration's hash.
  public var resultKeys: JSON { .object(values(in: "", where: \.affectsResult)) }

  /// The source of each value: `{"optimizer.learningRate": "file pixelcnn.json:12:5", "seed": "override"}`.
  public var sources: JSON {
    let leaves = entries.filter { !$0.declaration.isSection || $0.value == .null }
    return .object(
      JSONObject(
        leaves.map { entry in
          JSONObject.Member(key: entry.declaration.path, value: .string(entry.origin?.source ?? "default"))
        }))
  }

  func values(in section: String, where isIncluded: (ConfigurationDeclaration) -> Bool) -> JSONObject {
    var object = JSONObject()
    for entry in entries where entry.declaration.parent == section && isIncluded(entry.declaration) {
      let isOpen = entry.declaration.isSection && entry.value != .null
      let value = isOpen ? .object(values(in: entry.declaration.path, where: isIncluded)) : entry.value
      object.append(entry.declaration.key, value)
    }
    return object
  }
}
