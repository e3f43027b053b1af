import MinimConfiguration
import MinimFiles
import MinimParallel

/// The messages by which the first process of a group, which alone writes the run, tells the others what to do.
package enum GroupStart {
  /// Tells the others that there is something to compute, and checks that all mean the same.
  ///
  /// - Parameter hashes: those of the run's config, which may be one that has been extended.
  /// - Throws: `GroupDisagreement`
  package static func lead(_ agreement: GroupAgreement, hashes: [String] = [], _ group: any ShardGroup) throws {
    let message: JSON = ["hashes": .array(hashes.map { .string($0) })]
    _ = group.shared(Array(message.compact.utf8))
    try agreement.check(group)
  }

  /// Tells the others that there is nothing to compute.
  package static func cancel(_ group: any ShardGroup) { _ = group.shared([]) }

  /// Waits for what the first process tells: whether there is something to compute.
  package static func isCalled(_ group: any ShardGroup) -> Bool { !group.shared([]).isEmpty }

  /// Waits for what the first process tells.
  ///
  /// - Parameter starting: called if there is something to compute.
  /// - Returns: the hashes of the run's config; nil if there is nothing to compute.
  /// - Throws: `GroupDisagreement`
  package static func follow(
    _ agreement: GroupAgreement, _ group: any ShardGroup, _ starting: () -> Void
  ) throws -> [String]? {
    let message = group.shared([])
    guard !message.isEmpty else { return nil }
    starting()
    try agreement.check(group)
    return try JSONParser.parse(message).json["hashes"]?.array?.compactMap(\.string) ?? []
  }

  /// Tells the others where the run is, and waits until they have read its last checkpoint.
  static func show(_ directory: RunDirectory, step: Int, _ group: any ShardGroup) {
    let message: JSON = ["directory": .string(directory.path), "step": .integer(step)]
    _ = group.shared(Array(message.compact.utf8))
    group.meet()
  }

  /// Waits for the place of the run, lets `read` read it, and says so.
  static func see(_ group: any ShardGroup, _ read: (_ directory: RunDirectory, _ step: Int) throws -> Void) throws {
    let message = try JSONParser.parse(group.shared([])).json
    try read(RunDirectory(path: message["directory"]?.string ?? ""), message["step"]?.integer ?? 0)
    group.meet()
  }
}
