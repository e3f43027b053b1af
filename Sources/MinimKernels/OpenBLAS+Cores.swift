extension OpenBLAS {
  /// The environment variable that forces a family of OpenBLAS's kernels.
  package static let coreVariable = "OPENBLAS_CORETYPE"

  /// Families with the level of ours whose instructions they need (the tables in driver/others/dynamic.c and dynamic_arm64.c of
  /// OpenBLAS).
  #if arch(arm64)
    private static let coreLevels = [("ARMV8", "baseline"), ("CORTEXA57", "neon")]
  #else
    private static let coreLevels = [
      ("Nehalem", "baseline"), ("Haswell", "avx2"), ("Zen", "avx2"), ("SkylakeX", "avx512"), ("Cooperlake", "avx512"),
      ("SapphireRapids", "avx512"),
    ]
  #endif

  /// The families that a CPU with these levels runs, of those that are known here.
  package static func cores(levels: [KernelLevel] = KernelLevel.available) -> [String] {
    let names = Set(levels.map(\.description))
    return coreLevels.filter { names.contains($0.1) }.map(\.0)
  }

  /// Refuses to load OpenBLAS with kernels that this CPU lacks. OpenBLAS itself takes the user's word, and its first product would
  /// end the program with SIGILL.
  ///
  /// - Throws: `KernelError` if `value` names such a family. Names that are not known here are left to OpenBLAS.
  package static func requireCore(
    environment value: String?, levels: [KernelLevel] = KernelLevel.available
  ) throws(KernelError) {
    let cores = cores(levels: levels)
    guard let value, let (core, level) = coreLevels.first(where: { $0.0.lowercased() == value.lowercased() }),
      !cores.contains(core)
    else { return }
    throw KernelError(
      "\(coreVariable)=\(value) needs \(level), which this CPU does not have. Unset it, or take one of "
        + cores.joined(separator: ", ") + ".")
  }
}
