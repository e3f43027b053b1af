import CMinimKernels
import Glibc

/// An instruction set that the kernels were compiled for. `avx2` and `avx512` give the same bits; `baseline` rounds
/// products before it adds them and gives slightly different ones.
public enum KernelLevel: String, CaseIterable, Comparable, Sendable {
  /// Any CPU.
  case baseline
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 F, VL, DQ and BW.
  case avx512

  /// The environment variable that forces a level.
  public static let variable = "MINIM_KERNELS"

  /// The highest level that this CPU and operating system run.
  public static let best = allCases.last { $0.level.rawValue <= minim_best_level().rawValue } ?? .baseline

  /// The levels that this CPU runs, lowest first.
  public static let available = allCases.filter { $0 <= best }

  /// The level in use: what `MINIM_KERNELS` forces, else `best`. Throws what `resolve` throws.
  public static var current: KernelLevel {
    get throws { try resolved.get() }
  }

  private static let resolved = Result<KernelLevel, KernelError> { () throws(KernelError) in
    try resolve(environment: getenv(variable).map { String(cString: $0) })
  }

  /// The level for a value of `MINIM_KERNELS`; nil or empty means `best`.
  /// - Throws: `KernelError` for an unknown name and for a level that this CPU does not run.
  public static func resolve(environment value: String?) throws(KernelError) -> KernelLevel {
    guard let value, !value.isEmpty else { return best }
    let names = available.map(\.rawValue).joined(separator: ", ")
    guard let level = KernelLevel(rawValue: value) else {
      throw KernelError("\(variable)=\(value): no such kernel level. This CPU runs \(names); unset it to use \(best).")
    }
    guard level <= best else {
      throw KernelError("\(variable)=\(value): this CPU does not run it. It runs \(names); unset it to use \(best).")
    }
    return level
  }

  /// Lower levels run on more CPUs.
  public static func < (a: KernelLevel, b: KernelLevel) -> Bool { a.level.rawValue < b.level.rawValue }

  var level: minim_level {
    switch self {
    case .baseline: MINIM_BASELINE
    case .avx2: MINIM_AVX2
    case .avx512: MINIM_AVX512
    }
  }
}
