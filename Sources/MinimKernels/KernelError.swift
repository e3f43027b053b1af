/// What a kernel, a numerical routine or an allocation refuses, in words for people.
public struct KernelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was wrong, what was expected, what was found, what to do.
  public let description: String

  /// An error that says `description`.
  public init(_ description: String) { self.description = description }
}
