#if canImport(Runtime)
  internal import Runtime
#endif

/// Where in the source a tensor was made. It is recorded only when somebody wants to know: to walk the stack for each tensor
/// takes many times longer than to make it.
package final class TensorOrigin: Sendable {
  /// Whether the tensor belongs to a derivative. Its place is then that of the operation that was differentiated.
  package let isDerivative: Bool
  #if canImport(Runtime)
    private let calls: Backtrace?

    private init(_ calls: Backtrace?, isDerivative: Bool) { (self.calls, self.isDerivative) = (calls, isDerivative) }

    /// The innermost line that is not in the engine: "FILE:LINE, in FUNCTION"; nil if the program has no debug information, or
    /// was built by a Swift before 6.2. Looking it up takes about a second.
    package var line: String? { calls.flatMap(SourceLine.line) }
  #else
    private init(isDerivative: Bool) { self.isDerivative = isDerivative }

    package var line: String? { nil }
  #endif

  /// Whether tensors that are made now get an origin.
  @TaskLocal static var isRecording = false
  /// The origin of tensors that a derivative is made of.
  @TaskLocal private static var inherited: TensorOrigin?

  /// Records the origins of all tensors that `body` makes.
  package static func recording<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $isRecording.withValue(true) { try body() }
  }

  /// The origin of a tensor that is being made.
  @inline(never)
  static var here: TensorOrigin {
    if let inherited { return inherited }
    #if canImport(Runtime)
      return TensorOrigin(try? Backtrace.capture(limit: nil), isDerivative: false)
    #else
      return TensorOrigin(isDerivative: false)
    #endif
  }

  /// Gives the tensors that `body` makes, a derivative of one with this origin, the same place.
  static func inheriting<Result>(_ origin: TensorOrigin?, _ body: () -> Result) -> Result {
    guard let origin else { return body() }
    #if canImport(Runtime)
      let derivative = TensorOrigin(origin.calls, isDerivative: true)
    #else
      let derivative = TensorOrigin(isDerivative: true)
    #endif
    return $inherited.withValue(derivative) { body() }
  }
}
