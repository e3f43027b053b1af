/// The status that a program ends with: those of sysexits.h, 3 for a run that diverged, and 128 + n after signal n.
public struct ExitStatus: RawRepresentable, Hashable, Sendable {
  /// The number that the system receives.
  public let rawValue: Int32

  /// Creates a status from its number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Everything went well.
  public static let success = ExitStatus(rawValue: 0)
  /// A number of a step was not finite.
  public static let diverged = ExitStatus(rawValue: 3)
  /// The command line is wrong.
  public static let usage = ExitStatus(rawValue: 64)
  /// A file does not hold what it should.
  public static let badData = ExitStatus(rawValue: 65)
  /// A file or a run does not exist.
  public static let missingInput = ExitStatus(rawValue: 66)
  /// A mistake of Minim itself, such as a theorem that a run refuted.
  public static let bug = ExitStatus(rawValue: 70)
  /// The system has not enough memory, threads or other resources.
  public static let noResources = ExitStatus(rawValue: 71)
  /// A file or folder cannot be created.
  public static let cannotCreate = ExitStatus(rawValue: 73)
  /// Reading or writing failed, or the disk is full.
  public static let inputOutput = ExitStatus(rawValue: 74)
  /// Another process is using it; a later try may succeed.
  public static let tryAgain = ExitStatus(rawValue: 75)
  /// The time limit came before the end, as `timeout` says it.
  public static let outOfTime = ExitStatus(rawValue: 124)
  /// The configuration is wrong.
  public static let badConfiguration = ExitStatus(rawValue: 78)

  /// The status of a program that a signal stopped.
  public static func stopped(by signal: Int32) -> ExitStatus { ExitStatus(rawValue: 128 + signal) }
}

/// An error with a text for people that states the program's exit status. An error that does not conform is a mistake
/// of Minim.
public protocol ReportedError: Error, CustomStringConvertible {
  /// The exit status of a program that ends because of this error.
  var exit: ExitStatus { get }
}

extension ExitStatus {
  /// The status of a program that ends because of an error.
  public init(_ error: any Error) { self = (error as? any ReportedError)?.exit ?? .bug }
}
