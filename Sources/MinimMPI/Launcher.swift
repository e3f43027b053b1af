import MinimSystem
import MinimParallel

/// What has started this process: a shell, or a launcher of MPI with other processes that belong to it.
public enum Launcher {
  /// The environment variables with the number of processes: those of Open MPI, and of MPICH and its relatives. Slurm sets the
  /// second kind too, for processes that may have nothing to do with each other.
  private static let sizes = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"]
  /// Set for each process by launchers that speak PMIx, such as `srun --mpi=pmix`.
  private static let rank = "PMIX_RANK"

  /// Whether this program was built with MPI.
  public static var knowsMPI: Bool {
    #if MPI
      true
    #else
      false
    #endif
  }

  /// The number of processes that a launcher of MPI has started together, as far as it says; 1 for a shell.
  public static var processes: Int {
    let names = value("SLURM_JOB_ID") == nil ? sizes : [sizes[0]]
    return names.lazy.compactMap(value).compactMap { Int($0) }.first ?? 1
  }

  private static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Joins the other processes; nil if there are none, or if this program was built without MPI.
  public static func join() -> (any LaunchedGroup)? {
    #if MPI
      guard (sizes + [rank]).contains(where: { value($0) != nil }) else { return nil }
      return MPIGroup.join()
    #else
      return nil
    #endif
  }
}

/// Processes that were started together, and end together.
public protocol LaunchedGroup: ShardGroup {
  /// Takes leave of the others, which must do the same: this process may then end as it likes.
  func leave()
  /// Ends all processes at once with an exit code, because this one cannot go on.
  func abort(_ code: Int32) -> Never
}
