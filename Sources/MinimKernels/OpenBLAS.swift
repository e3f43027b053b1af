import CMinimKernels
import COpenBLAS

/// OpenBLAS: the oracle of the kernel tests and an opt-in backend of products. Its results depend on the CPU and on how a
/// product is split, so it is outside the bit promise.
package enum OpenBLAS {
  /// Makes OpenBLAS run on the calling thread alone; every entry here does it first. The project's own threads do the
  /// parallel work.
  package static func start() { _ = started }

  private static let started: Void = openblas_set_num_threads(1)

  /// The build's configuration, e.g. "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...".
  package static var configuration: String { openblas_get_config().map { String(cString: $0) } ?? "unknown" }

  /// The kernel family that OpenBLAS chose for this CPU, e.g. "Haswell".
  package static var coreName: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

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
  package static func gemm(_ precision: Precision) -> minim_kernel {
    start()
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
    cblas_sgemm(
      CblasRowMajor, transposition(g), CblasNoTrans, blasint(g.m), blasint(g.n), blasint(g.k), 1, a, leadingA(g), b,
      leading(g.b_row, g.n), beta, c, leading(g.c_row, g.n))
  }

  private static func dgemm(
    _ g: minim_gemm, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ c: UnsafeMutablePointer<Double>,
    _ beta: Double
  ) {
    cblas_dgemm(
      CblasRowMajor, transposition(g), CblasNoTrans, blasint(g.m), blasint(g.n), blasint(g.k), 1, a, leadingA(g), b,
      leading(g.b_row, g.n), beta, c, leading(g.c_row, g.n))
  }

  private static func transposition(_ g: minim_gemm) -> CBLAS_TRANSPOSE {
    g.a_column == 1 ? CblasNoTrans : CblasTrans
  }

  private static func leadingA(_ g: minim_gemm) -> blasint {
    g.a_column == 1 ? leading(g.a_row, g.k) : leading(g.a_column, g.m)
  }

  /// BLAS checks a leading dimension even if there is one row, whose stride nothing reads.
  private static func leading(_ stride: Int64, _ width: Int64) -> blasint { blasint(max(stride, width, 1)) }

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
