import MinimSystem
import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimParallel

/// The machine of a run, for the manifest. No result depends on it.
enum Machine {
  static func describe(_ level: KernelLevel, workers: Int) -> JSON {
    [
      "system": .string(system), "processor": .string(Processor.name ?? "unknown"), "workers": .integer(workers),
      "workersAvailable": .integer(WorkerCount.available), "kernels": .string(level.description),
      "blas": .string(OpenBLAS.configuration), "blasCore": .string(OpenBLAS.coreName),
    ]
  }

  private static var system: String {
    var name = utsname()
    guard uname(&name) == 0 else { return "unknown" }
    return "\(text(of: &name.sysname)) \(text(of: &name.release)) \(text(of: &name.machine))"
  }

  private static func text<Tuple>(of tuple: inout Tuple) -> String {
    withUnsafeBytes(of: &tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
