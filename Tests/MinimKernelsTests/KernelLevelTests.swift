import CMinimKernels
import MinimKernels
import Testing

@Suite struct KernelLevelTests {
  @Test func theEnvironmentForcesALevel() throws {
    #expect(try KernelLevel.resolve(environment: nil) == .preferred)
    #expect(try KernelLevel.resolve(environment: "") == .preferred)
    for level in KernelLevel.available { #expect(try KernelLevel.resolve(environment: level.description) == level) }
  }

  @Test func wrongNamesAreRefusedInWords() {
    let error = #expect(throws: KernelError.self) { try KernelLevel.resolve(environment: "avx3") }
    #expect(error?.description.contains("MINIM_KERNELS=avx3") == true)
    #expect(error?.description.contains("baseline") == true)
    for level in KernelLevel.allCases where !KernelLevel.available.contains(level) {
      #expect(throws: KernelError.self) { try KernelLevel.resolve(environment: level.description) }
      #expect(throws: KernelError.self) { try KernelTable(level: level, precision: .float32) }
    }
  }

  /// Manifests of runs, scripts and the documentation have these names.
  @Test func theListIsInOrderOfPreference() {
    #expect(KernelLevel.allCases.map(\.description) == ["avx512", "avx2", "fma128", "neon", "baseline"])
    #expect(KernelLevel.allCases.filter(KernelLevel.available.contains) == KernelLevel.available)
    #expect(KernelLevel.available.first == .preferred)
    #expect(KernelLevel.available.last == .baseline)
  }

  /// Of the levels of other architectures too: a run may come from there.
  @Test func onlyBaselineRoundsProducts() {
    #expect(KernelLevel.allCases.filter { !$0.isFused } == [.baseline])
  }

  @Test func levelsOfOtherArchitecturesDoNotRun() {
    #if arch(x86_64)
      let others = ["neon"]
    #else
      let others = ["avx512", "avx2", "fma128"]
    #endif
    #expect(KernelLevel.available.allSatisfy { !others.contains($0.description) })
  }

  @Test func namesAreReadBack() {
    for level in KernelLevel.allCases { #expect(KernelLevel(level.description) == level) }
    #expect(KernelLevel("AVX2") == nil)
    #expect(KernelLevel("") == nil)
  }

  @Test func tablesSayWhatTheyAre() throws {
    for level in KernelLevel.available {
      for precision in Precision.allCases {
        let table = try KernelTable(level: level, precision: precision)
        #expect(table.pointer.pointee.element_size == Int64(precision.elementSize))
        #expect(String(cString: minim_level_name(table.pointer.pointee.level)) == level.description)
      }
    }
  }

  /// What is no level or no element type has no kernels.
  @Test func numbersOutsideTheListAreRefused() {
    for number in [MINIM_LEVELS.rawValue, .max] {
      let level = minim_level(rawValue: number)
      #expect(minim_level_name(level) == nil && minim_level_runs(level) == 0 && minim_level_is_fused(level) == 0)
      #expect(minim_kernels(level, MINIM_FLOAT32) == nil)
    }
    #expect(minim_kernels(MINIM_LEVEL_baseline, MINIM_ELEMENTS) == nil)
  }

  @Test func peakWorkCountsItsOperations() throws {
    var sink = 1.0
    let table = try KernelTable(level: .baseline, precision: .float32)
    #if arch(arm64)
      let sums = 16.0
    #else
      let sums = 10.0
    #endif
    #expect(table.pointer.pointee.peak_work(1000, &sink) == 2 * sums * 4 * 1000)
    #expect(sink.isFinite && sink != 1)
  }
}
