import CMinimKernels
import MinimKernels

/// The kernels of every level that this CPU runs, in both precisions.
package func everyKernelTable() throws -> [KernelTable] {
  let levels: [(KernelLevel, minim_level)] = [
    (.baseline, MINIM_BASELINE), (.avx2, MINIM_AVX2), (.avx512, MINIM_AVX512),
  ]
  return levels.filter { minim_kernels($0.1, MINIM_FLOAT64) != nil }.flatMap { level, _ in
    Precision.allCases.map { KernelTable(level: level, precision: $0) }
  }
}
