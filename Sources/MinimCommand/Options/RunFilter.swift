import MinimTraining

/// `key=value` as a condition of runs. A sweep meets it if one of its values does.
struct RunFilter {
  private let key: String, value: String

  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw CommandError(
        "\"\(text)\": expected key=value, such as state=done or optimizer.learningRate=0.01", exit: .usage)
    }
    (key, value) = (String(parts[0]), String(parts[1]))
  }

  func matches(_ record: ListedFolder) -> Bool { record.values(key).contains(where: matches) }

  private func matches(_ found: String) -> Bool {
    if value.hasSuffix("*") { return found.hasPrefix(value.dropLast()) }
    if value.hasPrefix("*") { return found.hasSuffix(value.dropFirst()) }
    if let a = Double(found), let b = Double(value) { return a == b }
    return found == value
  }
}
