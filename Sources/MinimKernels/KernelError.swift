/// The refusal of a kernel, a numerical routine or an allocation, in words for people.
public struct KernelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The message: what is wrong, what was expected, what was found, and what to do.
  public let description: String
  /// Whether numbers were the reason, and not memory or the machine.
  package private(set) var isNumerical = false

  /// An error that says `description`.
  public init(_ description: String) { self.description = description }

  /// An error about numbers that a routine cannot take.
  package static func numerical(_ description: String) -> KernelError {
    var error = KernelError(description)
    error.isNumerical = true
    return error
  }
}
