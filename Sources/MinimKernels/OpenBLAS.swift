import CMinimKernels

/// OpenBLAS: the oracle of the kernel tests and an opt-in backend of products. Its results depend on the CPU and on how a
/// product is split, so it is outside the bit promise. It runs on the calling thread alone.
package enum OpenBLAS {
  /// The library, once there is also address space for its buffer.
  ///
  /// - Throws: `KernelError` if this system has none, or not enough memory for it.
  static func library() throws(KernelError) -> OpenBLASLibrary {
    let library = try OpenBLASLibrary.loaded.get()
    if let shortage = OpenBLASLibrary.shortage { throw shortage }
    return library
  }

  /// The reason why this system has no OpenBLAS; nil if it has.
  package static var problem: String? {
    if case .failure(let error) = OpenBLASLibrary.loaded { error.description } else { nil }
  }

  /// The build's configuration, e.g. "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...".
  package static var configuration: String { (try? OpenBLASLibrary.loaded.get())?.configuration ?? "no OpenBLAS" }

  /// The kernel family that OpenBLAS chose for this CPU, e.g. "Haswell".
  package static var coreName: String { (try? OpenBLASLibrary.loaded.get())?.coreName ?? "unknown" }

  /// The warning for a user of the OpenMP build, which ignores the limit of one thread in other threads; nil otherwise.
  package static var warning: String? { warning(configuration: configuration) }

  /// The warning for a given configuration.
  package static func warning(configuration: String) -> String? {
    guard configuration.contains("USE_OPENMP") else { return nil }
    return """
      OpenBLAS is the OpenMP variant, which starts threads of its own inside every worker and slows small products \
      down several times. Install libopenblas0-pthread.
      """
  }

  /// `gemm` of a kernel table by OpenBLAS: the same call, other bits.
  ///
  /// - Throws: `KernelError` if this system has no OpenBLAS, or not enough memory for it.
  package static func gemm(_ precision: Precision) throws(KernelError) -> minim_kernel {
    _ = try library()
    switch precision {
    case .float32: return { call in OpenBLAS.run(call, Float.self, OpenBLAS.sgemm) }
    case .float64: return { call in OpenBLAS.run(call, Double.self, OpenBLAS.dgemm) }
    }
  }

  /// C = A B + beta C for one segment.
  private typealias Multiply<Element> = (
    _ g: minim_gemm, _ a: UnsafePointer<Element>, _ b: UnsafePointer<Element>, _ c: UnsafeMutablePointer<Element>,
    _ beta: Element
  ) -> Void

  private static func sgemm(
    _ g: minim_gemm, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ beta: Float
  ) {
    // `gemm` has loaded the library before it handed this out.
    guard let sgemm = try? library().sgemm else { return }
    sgemm(
      rowMajor, transposition(g), notTransposed, Int32(g.m), Int32(g.n), Int32(g.k), 1, a, leadingA(g), b,
      leading(g.b_row, g.n), beta, c, leading(g.c_row, g.n))
  }

  private static func dgemm(
    _ g: minim_gemm, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ c: UnsafeMutablePointer<Double>,
    _ beta: Double
  ) {
    // As in `sgemm`.
    guard let dgemm = try? library().dgemm else { return }
    dgemm(
      rowMajor, transposition(g), notTransposed, Int32(g.m), Int32(g.n), Int32(g.k), 1, a, leadingA(g), b,
      leading(g.b_row, g.n), beta, c, leading(g.c_row, g.n))
  }

  // The enumerations of cblas.h.
  private static let rowMajor: Int32 = 101, notTransposed: Int32 = 111, transposed: Int32 = 112

  private static func transposition(_ g: minim_gemm) -> Int32 { g.a_column == 1 ? notTransposed : transposed }

  private static func leadingA(_ g: minim_gemm) -> Int32 {
    g.a_column == 1 ? leading(g.a_row, g.k) : leading(g.a_column, g.m)
  }

  /// BLAS checks a leading dimension even if there is one row, whose stride nothing reads.
  private static func leading(_ stride: Int64, _ width: Int64) -> Int32 { Int32(max(stride, width, 1)) }

  private static func run<Element: BinaryFloatingPoint>(
    _ call: UnsafeRawPointer?, _ type: Element.Type, _ multiply: Multiply<Element>
  ) {
    guard let g = call?.load(as: minim_gemm.self), g.m > 0, g.n > 0, g.groups > 0 else { return }
    let c = g.c.assumingMemoryBound(to: Element.self)
    for group in 0..<Int(g.groups) {
      let product = c + Int(g.c_offset[group])
      let segments = Int(g.segment_start[group])..<Int(g.segment_start[group + 1])
      if segments.isEmpty || g.k == 0 {
        for i in 0..<Int(g.m) { for j in 0..<Int(g.n) { product[i * Int(g.c_row) + j] = 0 } }
      }
      for s in segments where g.k > 0 {
        let a = g.a.assumingMemoryBound(to: Element.self) + Int(g.a_offset[s])
        let b = g.b.assumingMemoryBound(to: Element.self) + Int(g.b_offset[s])
        multiply(g, a, b, product, s == segments.lowerBound ? 0 : 1)
      }
    }
    // On every level the same: an epilogue has no fused multiply-add.
    let element = Element.self == Float.self ? MINIM_FLOAT32 : MINIM_FLOAT64
    minim_kernels(MINIM_LEVEL_baseline, element).pointee.gemm_epilogue(call)
  }
}
