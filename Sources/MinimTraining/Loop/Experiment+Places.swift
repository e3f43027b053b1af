import MinimConfiguration
import MinimFiles

// Data are known by their content. Where they lie is not a part of what a run is.

extension Experiment {
  /// The keys of the section "data" that say where files are.
  package static let placeKeys = ["path", "labels"]

  /// The keys that affect the result and the places of the data, in the order of the whole config.
  static func withPlaces(_ resultKeys: JSON, of resolved: JSON) -> JSON {
    let known = resultKeys["data"]?.object?.keys ?? []
    let members = (resolved["data"]?.object?.members ?? []).filter {
      known.contains($0.key) || placeKeys.contains($0.key)
    }
    var keys = resultKeys
    if keys["data"] != nil { keys["data"] = .object(JSONObject(members)) }
    return keys
  }

  /// A run's config with the places of this experiment's data; nil if they are the same.
  func placed(_ config: JSON) -> JSON? {
    var placed = config
    for key in Self.placeKeys {
      if let place = resolved["data"]?[key] { placed["data"]?[key] = place }
    }
    return placed == config ? nil : placed
  }
}
