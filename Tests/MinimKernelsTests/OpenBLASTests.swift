import CMinimKernels
import MinimKernels
import Testing

@Suite struct OpenBLASTests {
  @Test func agreesWithTheKernelsOnEveryShape() throws {
    func check<E: KernelElement>(_ type: E.Type, tolerance: E) throws {
      let oracle = try OpenBLAS.gemm(E.precision)
      for table in try tables(type) {
        for shape in gemmCases(type) where shape.relu == false {
          let expected = shape.run(oracle), found = shape.run(table.gemm)
          let scale = E(4 + shape.k * (shape.segments.max() ?? 0))
          let close = zip(expected, found).allSatisfy { abs($0 - $1) <= tolerance * scale }
          #expect(close, "\(table.level) \(type) \(shape.m) x \(shape.n) x \(shape.k)")
        }
      }
    }
    try check(Float.self, tolerance: 0x1p-23)
    try check(Double.self, tolerance: 0x1p-52)
  }

  @Test func larger() throws {
    let shape = GemmCase<Float>(150, 130, 300)
    let expected = try shape.run(OpenBLAS.gemm(.float32))
    for table in try tables(Float.self) {
      #expect(zip(expected, shape.run(table.gemm)).allSatisfy { abs($0 - $1) < 1e-4 })
    }
    let wrong = try shape.with { $0.a[0] += 1 }.run(OpenBLAS.gemm(.float32))
    #expect(!zip(expected, wrong).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func saysWhatItIs() {
    #expect(OpenBLAS.problem == nil)
    #expect(OpenBLAS.configuration.hasPrefix("OpenBLAS"))
    #expect(!OpenBLAS.coreName.isEmpty)
    #expect(OpenBLAS.warning(configuration: "OpenBLAS 0.3.21 DYNAMIC_ARCH USE_OPENMP Haswell") != nil)
    #expect(OpenBLAS.warning(configuration: "OpenBLAS 0.3.21 DYNAMIC_ARCH Haswell") == nil)
  }

  #if arch(x86_64)
    private static let coresOfAnyCPU = ["Nehalem"], coresOfSome = ["Haswell", "SkylakeX", "SKYLAKEX"]
  #else
    private static let coresOfAnyCPU = ["ARMV8"], coresOfSome = ["CORTEXA57", "CortexA57"]
  #endif

  @Test("a family of kernels that the CPU does not run is refused, since OpenBLAS would run it")
  func cores() throws {
    let small = [KernelLevel.baseline]
    #expect(OpenBLAS.cores(levels: small) == Self.coresOfAnyCPU)
    #expect(Self.coresOfAnyCPU.allSatisfy(OpenBLAS.cores().contains))
    for core in Self.coresOfSome {
      #expect(throws: KernelError.self) { try OpenBLAS.requireCore(environment: core, levels: small) }
      try OpenBLAS.requireCore(environment: core, levels: KernelLevel.allCases)
    }
    // The value of a user whose OpenBLAS is newer, and none.
    for value in Self.coresOfAnyCPU + ["Zen9", "", nil] { try OpenBLAS.requireCore(environment: value, levels: small) }
  }
}
