import CMinimKernels
import MinimSystem

/// A set of instructions that the kernels are compiled for. All levels with fused multiply-add give the same bits;
/// `baseline` rounds products before it adds them and gives slightly different ones.
public struct KernelLevel: Hashable, Sendable, CaseIterable, LosslessStringConvertible {
  /// The environment variable that forces a level.
  public static let variable = "MINIM_KERNELS"

  /// Every level, in order of preference, whether this machine runs it or not.
  public static let allCases = (0..<MINIM_LEVELS.rawValue).map { KernelLevel(minim_level(rawValue: $0)) }

  /// The levels that this CPU and operating system run, in order of preference.
  public static let available = allCases.filter { minim_level_runs($0.level) != 0 }

  /// The level in use unless another one is forced.
  public static let preferred = available.first ?? .baseline

  /// The level of any CPU.
  public static let baseline = KernelLevel(MINIM_LEVEL_baseline)

  /// The level in use: what `MINIM_KERNELS` forces, else `preferred`. Throws what `resolve` throws.
  public static var current: KernelLevel {
    get throws { try resolved.get() }
  }

  private static let resolved = Result<KernelLevel, KernelError> { () throws(KernelError) in
    try resolve(environment: getenv(variable).map { String(cString: $0) })
  }

  /// The level for a value of `MINIM_KERNELS`; nil or empty means `preferred`.
  /// - Throws: `KernelError` for an unknown name and for a level that this CPU does not run.
  public static func resolve(environment value: String?) throws(KernelError) -> KernelLevel {
    guard let value, !value.isEmpty else { return preferred }
    let names = available.map(\.description).joined(separator: ", ")
    let advice = "unset it to use \(preferred)."
    guard let level = KernelLevel(value) else {
      throw KernelError("\(variable)=\(value): no such kernel level. This CPU runs \(names); \(advice)")
    }
    guard available.contains(level) else {
      throw KernelError("\(variable)=\(value): this CPU does not run it. It runs \(names); \(advice)")
    }
    return level
  }

  let level: minim_level

  private init(_ level: minim_level) { self.level = level }

  /// The level of a name; nil if there is none.
  public init?(_ name: String) {
    guard let level = Self.allCases.first(where: { $0.description == name }) else { return nil }
    self = level
  }

  /// The name, such as `avx2`.
  public var description: String { String(cString: minim_level_name(level)) }

  /// Whether a multiply-add is rounded once: all such levels give the same bits.
  public var isFused: Bool { minim_level_is_fused(level) != 0 }
}
