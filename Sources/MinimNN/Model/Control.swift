extension Claim {
  /// The same measurement with one thing changed, which must then fail: in the measured value, the expected one, or both.
  public struct Control: Sendable {
    let statement: String
    let changed: String
    let measured: Double?
    let expected: Double?
    let cannotFailIf: String?

    /// Creates a control, which the claim judges by its own relation and tolerance.
    ///
    /// - Parameters:
    ///   - statement: what was measured or expected instead, such as "masks B7,B3".
    ///   - changed: the one thing that differs from the claim, such as "the first mask".
    ///   - measured: the value measured in this way; nil for the claim's.
    ///   - expected: the oracle's value; nil for the claim's.
    ///   - cannotFailIf: the property of a run in which the control passes although nothing is wrong; nil if there is
    ///     none. If the control passes, the claim is not applicable for that reason.
    public init(
      _ statement: String, changed: String, measured: Double? = nil, expected: Double? = nil,
      cannotFailIf: String? = nil
    ) {
      (self.statement, self.changed) = (statement, changed)
      (self.measured, self.expected, self.cannotFailIf) = (measured, expected, cannotFailIf)
    }
  }

  /// A control as the claim judged it.
  public struct ControlResult: Sendable, Equatable {
    /// The statement of what was measured or expected instead.
    public let statement: String
    /// The one thing that differs from the claim.
    public let changed: String
    /// The value measured in this way.
    public let measured: Double
    /// The value expected in this way.
    public let expected: Double
    /// Whether it failed, as it must. A control that is not a number has shown nothing, so it has not failed.
    public let fails: Bool
  }
}
