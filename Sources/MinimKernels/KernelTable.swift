import CMinimKernels

/// The kernels of one level and precision: C functions that each take a pointer to their call.
public struct KernelTable: @unchecked Sendable {  // the pointee is a constant of the C library
  /// The C table. Its function pointers are never null.
  package let pointer: UnsafePointer<minim_kernel_table>
  /// The instruction set of the kernels.
  public let level: KernelLevel
  /// The element type of the kernels.
  public let precision: Precision

  /// The table of `level` and `precision`.
  /// - Throws: `KernelError` if this CPU does not run `level`.
  public init(level: KernelLevel, precision: Precision) throws(KernelError) {
    guard let pointer = minim_kernels(level.level, precision.element) else {
      throw KernelError("kernels of level \(level): this CPU does not run them. It prefers \(KernelLevel.preferred).")
    }
    self.pointer = pointer
    self.level = level
    self.precision = precision
    gemm = pointer.pointee.gemm
  }

  /// The same kernels with products of matrices by OpenBLAS: outside the bit promise.
  ///
  /// - Throws: `KernelError` if this system has no OpenBLAS, or not enough memory for it.
  public func usingOpenBLAS() throws(KernelError) -> KernelTable {
    var table = self
    table.gemm = try OpenBLAS.gemm(precision)
    return table
  }

  /// The table of the level in use (`KernelLevel.current`).
  public static func current(_ precision: Precision) throws -> KernelTable {
    try KernelTable(level: KernelLevel.current, precision: precision)
  }

  /// Grouped products of matrices; takes a `minim_gemm`.
  package private(set) var gemm: minim_kernel
  /// Elementwise programs; takes a `minim_map`.
  package var map: minim_kernel { pointer.pointee.map }
  /// Ordered sums and maxima; takes a `minim_reduce`.
  package var reduce: minim_kernel { pointer.pointee.reduce }
  /// Mask of the first maximum of each row; takes a `minim_first_maximum`.
  package var firstMaximum: minim_kernel { pointer.pointee.first_maximum }
  /// Strided copies; takes a `minim_copy`.
  package var copy: minim_kernel { pointer.pointee.copy }
  /// Fills; takes a `minim_fill`.
  package var fill: minim_kernel { pointer.pointee.fill }
  /// Rows by index; takes a `minim_gather`.
  package var gather: minim_kernel { pointer.pointee.gather }
  /// Ordered sums of rows by index; takes a `minim_scatter_add`.
  package var scatterAdd: minim_kernel { pointer.pointee.scatter_add }
  /// Uniform and normal numbers; takes a `minim_random`.
  package var random: minim_kernel { pointer.pointee.random }

  /// One step of Adam over a run of parameters.
  package func adam(_ call: UnsafePointer<minim_adam>) { pointer.pointee.adam(call) }
  /// One step of gradient descent, with or without momentum, over a run of parameters.
  package func sgd(_ call: UnsafePointer<minim_sgd>) { pointer.pointee.sgd(call) }
  /// One step of a running average toward some values.
  package func average(_ call: UnsafePointer<minim_average>) { pointer.pointee.average(call) }
  /// The weighted sum of two slots, and its squared norm.
  package func weightedSum(_ call: UnsafeMutablePointer<minim_weighted_sum>) { pointer.pointee.weighted_sum(call) }

  /// Multiply-adds over registers only: the peak that products are measured against.
  ///
  /// - Returns: the floating-point operations made.
  @_spi(Minim) public func multiplyAdd(iterations: Int) -> Double {
    var sink = 0.0
    return pointer.pointee.peak_work(Int64(iterations), &sink)
  }
}
