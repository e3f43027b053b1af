import MinimFiles

/// What to draw from a model. Which draws these are is up to the seed in `Trained`.
public struct SampleRequest: Sendable {
  /// The number of samples.
  public let count: Int
  /// The class of every sample, from 0; nil for what the model does by itself, such as all classes in turn.
  public let label: Int?
  /// The first values of every sample, row-major, in the unit of the data. The others are drawn given these; empty for
  /// none.
  public let given: [Float]

  /// Creates a request.
  public init(_ count: Int, label: Int? = nil, given: [Float] = []) {
    self.count = count
    self.label = label
    self.given = given
  }

  /// Checks for what only some models can do.
  ///
  /// - Parameters:
  ///   - isConditional: whether samples can have a class.
  ///   - completes: whether samples can be completed from their first values.
  /// - Throws: `SampleRequestError`.
  public func require(isConditional: Bool, completes: Bool) throws {
    if label != nil, !isConditional { throw SampleRequestError.notConditional }
    if !given.isEmpty, !completes { throw SampleRequestError.cannotComplete }
  }

  /// The words above samples of a conditional model: its class, or one for each column of classes in turn.
  ///
  /// - Parameter names: the names of all classes.
  public func captions(_ names: [String]) -> [String] {
    label.map { names.indices.contains($0) ? [names[$0]] : [] } ?? names
  }
}

/// A request that a model cannot meet: exit code 64.
public enum SampleRequestError: ReportedError, Equatable {
  /// A class was asked for.
  case notConditional
  /// First values were given.
  case cannotComplete

  /// Usage.
  public var exit: ExitStatus { .usage }

  /// The reason, for people.
  public var description: String {
    switch self {
    case .notConditional: "this model is not conditional: its samples have no class to choose"
    case .cannotComplete:
      "this model does not draw one value after the other given those before, so it cannot complete a sample"
    }
  }
}
