import MinimAutodiff

/// Which of the examples of a step meets which draws: the pairs with the least sum of squared distances, within groups of
/// neighbors (Tong et al. 2024, "Improving and Generalizing Flow-Based Generative Models with Minibatch Optimal Transport",
/// algorithm 3; Pooladian et al. 2023, "Multisample Flow Matching"). The draws belong to the places of a step, so the examples
/// are what moves. Groups depend on the places alone, so neither shards nor threads change a pair.
public struct Pairing: Sendable {
  /// The number of examples that are paired together; the last group of a step may be smaller.
  public let group: Int
  /// The examples as points, and the draws of their places: [count, d] each. The examples' points must not depend on draws:
  /// else a pair would say something about draws that come later.
  public let points: @Sendable (_ batch: Batch) -> (examples: Tensor, draws: Tensor)

  /// Creates a pairing.
  ///
  /// - Parameters:
  ///   - group: the number of examples that are paired together.
  ///   - points: the examples as points, and the draws of their places.
  public init(group: Int, points: @escaping @Sendable (_ batch: Batch) -> (examples: Tensor, draws: Tensor)) {
    require(group > 0, "a group of \(group) examples")
    self.group = group
    self.points = points
  }
}
