import CMinimKernels
import MinimKernels

extension KernelLevel {
  /// The levels that this CPU runs and that promise the same bits.
  package static var bitExact: [KernelLevel] { runnable.filter { $0 != .baseline } }

  /// The highest level that this CPU runs.
  package static var highest: KernelLevel { runnable.last ?? .baseline }

  /// From the C library's own answer, so that no test runs what would stop it.
  private static var runnable: [KernelLevel] {
    [(KernelLevel.baseline, MINIM_BASELINE), (.avx2, MINIM_AVX2), (.avx512, MINIM_AVX512)]
      .filter { $0.1.rawValue <= minim_best_level().rawValue }.map(\.0)
  }
}

/// The kernels of a level that this CPU runs.
package func kernelTable(_ level: KernelLevel, _ precision: Precision) throws -> KernelTable {
  let make: (KernelLevel, Precision) throws -> KernelTable = KernelTable.init(level:precision:)
  return try make(level, precision)
}
