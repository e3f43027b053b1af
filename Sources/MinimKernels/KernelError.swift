/// The refusal of a kernel, a numerical routine or an allocation, in words for people.
public struct KernelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The message: what is wrong, what was expected, what was found, and what to do.
  public let description: String

  /// An error that says `description`.
  public init(_ description: String) { self.description = description }
}
