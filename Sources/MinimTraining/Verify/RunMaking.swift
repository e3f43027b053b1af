import MinimFiles
import MinimKernels

/// How a run was made, as far as it matters for taking its steps again.
package struct RunMaking: Sendable {
  /// The number of threads; nil if the manifest does not tell.
  package let workers: Int?
  /// The level to take the steps again with: that of the run, or one with the same bits if this machine lacks it.
  package let level: KernelLevel
  /// What is outside of the promise of equal bits, or unknown; one sentence each.
  package let remarks: [String]

  /// Reads the manifest of a run.
  ///
  /// - Parameters:
  ///   - directory: the run's folder.
  ///   - stretch: the steps to be taken again.
  ///   - experiment: the run's experiment.
  /// - Throws: `FileError` if the manifest cannot be read.
  package init(
    of directory: RunDirectory, _ stretch: RunStretch, _ experiment: Experiment, store: FileStore = FileStore()
  ) throws(FileError) {
    let bytes = try store.readIfPresent(directory.manifest, limit: 1 << 26)
    let manifest = bytes.flatMap { try? JSONParser.parse($0, limit: 1 << 26).json } ?? .null
    let machines = RunMachines(manifest: manifest)
    let part = machines.parts.last { $0.step <= stretch.start }
    workers = part?.machine["workers"]?.integer
    let name = part?.level
    let known = name.flatMap { KernelLevel($0) }
    level = known.flatMap { KernelLevel.available.contains($0) ? $0 : nil } ?? .preferred
    remarks =
      [Self.version(manifest), Self.levels(name, known, level), machines.sentence].compactMap { $0 }
      + (experiment.configuration.gemm == .openblas ? [Self.openBLAS] : [])
  }

  private static let openBLAS =
    "Its matrix products are those of OpenBLAS, which round differently on other CPUs and in other versions: its numbers are "
    + "outside of the promise of equal bits."

  private static func version(_ manifest: JSON) -> String? {
    guard let version = manifest["version"]?.string else { return "Its manifest does not say which version made it." }
    if version == minimVersion { return nil }
    return "It was made by version \(version), this is \(minimVersion): other versions may have other bits."
  }

  private static func levels(_ name: String?, _ known: KernelLevel?, _ used: KernelLevel) -> String? {
    guard let name else { return "Its manifest does not say which kernels made it; these are \(used)." }
    if known?.isFused == false {
      return "It was made with the kernels \(name), which have no fused multiply-add and are outside of the promise of "
        + "equal bits: no other level is tried."
    }
    if known != used { return "It was made with the kernels \(name), which this CPU does not run; \(used) stands in." }
    let others = KernelLevel.available.filter { $0.isFused && $0 != used }
    return others.isEmpty ? "This CPU runs no other level of kernels with the same bits." : nil
  }
}
