import Foundation
import MinimKernels
import TestSupport
import Testing

/// Parameters, metrics and samples depend on config and seed only.
@Suite struct BitIdentityTests {
  @Test("any number of workers, any kernels with fused multiply-add, any BLAS: the same bits")
  func machines() throws {
    let small = try SmallRun()
    try small.train(["--workers", "1"])
    let reference = try small.fingerprint()
    for workers in ["2", "3", "7"] {
      try small.train(["--workers", workers])
      #expect(try small.fingerprint() == reference, "workers \(workers)")
    }
    for level in KernelLevel.bitExact {
      try small.train(environment: ["MINIM_KERNELS": level.description])
      #expect(try small.fingerprint() == reference, "kernels \(level)")
    }
    for core in OpenBLAS.cores() {
      try small.train(environment: [OpenBLAS.coreVariable: core])
      #expect(try small.fingerprint() == reference, "BLAS core \(core)")
    }
    // The control: another seed is another run.
    try small.train(["seed=1"])
    #expect(try small.fingerprint() != reference)
  }

  @Test("other intervals of log, checkpoint and samples: the same parameters, and the same rows at common steps")
  func intervals() throws {
    let small = try SmallRun()
    try small.train()
    let reference = try small.fingerprint()
    try small.train(["intervals.log=7", "intervals.checkpoint=60", "intervals.samples=30", "samples=20"])
    let other = try small.fingerprint()
    #expect(other.parameters == reference.parameters)
    func rows(_ text: String) -> Set<Substring> { Set(text.split(separator: "\n")) }
    func steps(_ rows: Set<Substring>) -> Set<Substring> { Set(rows.compactMap { $0.split(separator: ",").first }) }
    let (a, b) = (rows(reference.metrics), rows(other.metrics))
    #expect(a.intersection(b).count == steps(a).intersection(steps(b)).count)
    #expect(a.intersection(b).count == 5)  // steps 70, 140, 210, 280 and 300
  }
}
