import MinimKernels
import TestSupport
import Testing

/// The bits of a run of each model, as real processes: whatever the machine has, and whatever is shown and saved.
@Suite struct EveryModelBitsTests {
  @Test("any number of workers, any fused kernels, any BLAS: the same bits", arguments: TinyRun.all)
  func machines(_ tiny: TinyRun) throws {
    let folder = try TinyFolder(tiny)
    #expect(try folder.train(in: "one", ["--workers", "1"]).exitCode == 0)
    let expected = try folder.bits(in: "one")
    #expect(expected.rows.count == 6)
    // The numbers of workers, the levels and the cores come together, so that few runs have all of them.
    let workers = [2, 3, 7], levels = KernelLevel.bitExact.map(\.description), cores = OpenBLAS.cores()
    for turn in 0..<max(workers.count, levels.count, cores.count) {
      let (count, level, core) = (workers[turn % 3], levels[turn % levels.count], cores[turn % cores.count])
      let environment = ["MINIM_KERNELS": level, OpenBLAS.coreVariable: core]
      let result = try folder.train(in: "\(turn)", ["--workers", "\(count)"], environment: environment)
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(try folder.bits(in: "\(turn)") == expected, "\(count) workers, \(level), BLAS for \(core)")
      Reliability.record(3, "runs with other workers, kernels and BLAS", 1)
    }
    // The control: another rate is another run.
    #expect(try folder.train(in: "other", ["optimizer.learningRate=0.011"]).exitCode == 0)
    #expect(try folder.bits(in: "other").parameters != expected.parameters)
  }

  @Test("other intervals, or a terminal: the same parameters and samples, the same rows", arguments: TinyRun.all)
  func intervals(_ tiny: TinyRun) throws {
    let folder = try TinyFolder(tiny)
    #expect(try folder.train(in: "usual").exitCode == 0)
    let expected = try folder.bits(in: "usual")
    let intervals = ["log=2", "checkpoint=5", "samples=6", "diagnostics=3", "keepLast=1"].map { "intervals." + $0 }
    #expect(try folder.train(in: "rare", intervals).exitCode == 0)
    let rare = try folder.bits(in: "rare")
    #expect(rare.parameters == expected.parameters && rare.samples == expected.samples)
    #expect(rare.rows.count == 3 && rare.rows.allSatisfy(expected.rows.contains))
    let program = Program("train")
    let shown = try program.run(folder.words(in: "shown"), in: folder.scratch.path, columns: 100, withErrors: true)
    #expect(shown.exitCode == 0 && shown.output.contains("Look at:"))
    #expect(try folder.bits(in: "shown") == expected)
    Reliability.record(4, "runs with other intervals or on a terminal", 2)
  }
}
