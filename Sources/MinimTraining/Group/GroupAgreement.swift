import MinimFiles
import MinimKernels
import MinimParallel
import MinimSystem

/// What all processes that train one run must have in common. They compare it before the first step: otherwise they would add numbers
/// that have nothing to do with each other.
package struct GroupAgreement {
  private let parts: [(name: String, value: String)]

  /// - Parameters:
  ///   - kept: the parameters that all compute with; nil for a run that is to be trained.
  ///   - program: the path of the program's file.
  /// - Throws: `FileError` if that cannot be read.
  package init(
    _ experiment: Experiment, _ level: KernelLevel, _ kept: KeptParameters? = nil, program: String = ProgramFile.path
  ) throws {
    var hash = SHA256()
    hash.update(try FileStore().read(program))
    parts = [
      ("version", minimVersion), ("program", String(hash.hexDigest.prefix(16))), ("config", experiment.configHash),
      ("data set", experiment.dataHash), ("kernels", level.isFused ? "fused" : "not fused"),
      ("step", kept.map { "\($0.step)" } ?? "-"),
    ]
  }

  /// Compares this process's with those of all others.
  ///
  /// - Throws: `GroupDisagreement` in all of them, if one differs from the first.
  package func check(_ group: any ShardGroup) throws {
    let own = Array(parts.map(\.value).joined(separator: "\n").utf8)
    let all = group.gathered(own).map { String(decoding: $0, as: UTF8.self).split(separator: "\n") }
    for (process, values) in all.enumerated() where values != all[0] {
      let different = zip(parts, zip(values, all[0])).filter { $1.0 != $1.1 }.map(\.0.name)
      throw GroupDisagreement(process: process, parts: different.isEmpty ? ["version"] : different)
    }
  }
}

/// The processes that should train one run do not mean the same.
package struct GroupDisagreement: ReportedError, Equatable {
  package let process: Int
  package let parts: [String]

  package var exit: ExitStatus { .badConfiguration }

  package var description: String {
    "process \(process) has another \(parts.joined(separator: ", another ")) than process 0. Processes that a launcher of MPI starts "
      + "together train one run. To train several, start them without MPI (srun --mpi=none, a job array, train sweep)"
  }
}
