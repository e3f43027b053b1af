import MinimKernels

extension KernelLevel {
  /// The levels that this CPU runs and that promise the same bits.
  package static var bitExact: [KernelLevel] { available.filter(\.isFused) }
}

/// The kernels of every level that this CPU runs, in both precisions.
package func everyKernelTable() throws -> [KernelTable] {
  try KernelLevel.available.flatMap { level in
    try Precision.allCases.map { try KernelTable(level: level, precision: $0) }
  }
}
