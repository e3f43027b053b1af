import CMinimKernels
import MinimKernels
import Testing

@Suite struct KernelLevelTests {
  @Test func theEnvironmentForcesALevel() throws {
    #expect(try KernelLevel.resolve(environment: nil) == .best)
    #expect(try KernelLevel.resolve(environment: "") == .best)
    #expect(try KernelLevel.resolve(environment: "baseline") == .baseline)
    #expect(KernelLevel.available.first == .baseline)
    #expect(KernelLevel.available.last == .best)
  }

  @Test func wrongNamesAreRefusedInWords() {
    let error = #expect(throws: KernelError.self) { try KernelLevel.resolve(environment: "avx3") }
    #expect(error?.description.contains("MINIM_KERNELS=avx3") == true)
    #expect(error?.description.contains("baseline") == true)
    for level in KernelLevel.allCases where level > .best {
      #expect(throws: KernelError.self) { try KernelLevel.resolve(environment: level.rawValue) }
      #expect(throws: KernelError.self) { try KernelTable(level: level, precision: .float32) }
    }
  }

  @Test func tablesSayWhatTheyAre() throws {
    for level in KernelLevel.available {
      for precision in Precision.allCases {
        let table = try KernelTable(level: level, precision: precision)
        #expect(table.pointer.pointee.element_size == Int64(precision.elementSize))
        #expect(Int(table.pointer.pointee.level.rawValue) == KernelLevel.allCases.firstIndex(of: level))
      }
    }
  }

  @Test func peakWorkCountsItsOperations() {
    var sink = 1.0
    #expect(minim_fma_peak_work(MINIM_BASELINE, MINIM_FLOAT32, 1000, &sink) == 2.0 * 10 * 4 * 1000)
    #expect(sink.isFinite && sink != 1)
  }
}
