import MinimConfiguration

/// What `read` makes of a config's root, and the paths of what is wrong with the config.
package func readSection<Value>(
  _ text: String, _ read: (ConfigurationSection) -> Value
) throws -> (value: Value, problems: [String]) {
  let reader = ConfigurationReader(try ConfigurationSource(texts: [("c.json", text)]))
  let value = read(reader.root)
  do {
    try reader.finish()
    return (value, [])
  } catch {
    return (value, error.problems.map(\.path))
  }
}
