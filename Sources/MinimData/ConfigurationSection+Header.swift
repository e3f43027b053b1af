import MinimConfiguration

extension ConfigurationSection {
  /// Whether the first line of a table names its columns; nil to decide by the lines.
  ///
  /// What it changes is in the hash of the data themselves, so it is none of the keys that a run is bound to.
  func header() -> Bool? {
    optionalBoolean(
      "header", affectsResult: false, "Whether the first line of a CSV names its columns; null: decided by the lines.")
  }
}
