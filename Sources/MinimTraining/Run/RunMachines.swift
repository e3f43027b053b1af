import MinimFiles
import MinimKernels

/// The machines that have computed a run, each from some step on, as its manifest tells. Results do not depend on the
/// machine, except that a level without fused multiply-add has other bits than those with it.
package struct RunMachines: Equatable, Sendable {
  /// A machine, and the step after which it began.
  package struct Part: Equatable, Sendable {
    package let step: Int
    package let machine: JSON

    /// The name of its level of kernels; nil if the manifest does not tell.
    package var level: String? { machine["kernels"]?.string }
  }

  package private(set) var parts: [Part] = []
  private static let key = "resumes"

  /// Reads a manifest.
  package init(manifest: JSON) {
    if let machine = manifest["machine"] { parts.append(Part(step: 0, machine: machine)) }
    for resume in manifest[Self.key]?.array ?? [] {
      guard let step = resume["step"]?.integer, let machine = resume["machine"] else { continue }
      parts.append(Part(step: step, machine: machine))
    }
  }

  /// Adds a machine that continues after a step. What others have computed beyond that step is gone.
  mutating func resume(after step: Int, on machine: JSON) {
    parts.removeAll { $0.step >= step && $0.step > 0 }
    parts.append(Part(step: step, machine: machine))
  }

  /// Puts the resumes into a manifest.
  func write(to manifest: inout JSON) {
    manifest[Self.key] = .array(
      parts.filter { $0.step > 0 }.map { ["step": .integer($0.step), "machine": $0.machine] })
  }

  /// Checks that a level continues the bits of the steps up to one.
  ///
  /// - Throws: `KernelChangeError`
  func check(_ level: KernelLevel, after step: Int, _ run: RunDirectory) throws(KernelChangeError) {
    guard let name = parts.last(where: { $0.step < step })?.level, let known = KernelLevel(name),
      known.isFused != level.isFused
    else { return }
    throw KernelChangeError(run: run.path, step: step, old: name, new: level.description)
  }

  /// "Kernels: avx512, from step 200 baseline." if the run has bits of both kinds; nil otherwise.
  package var sentence: String? {
    let levels = parts.compactMap { part in part.level.map { (step: part.step, name: $0) } }
    guard Set(levels.compactMap { KernelLevel($0.name)?.isFused }).count > 1 else { return nil }
    let words = levels.map { $0.step == 0 ? $0.name : "from step \($0.step) \($0.name)" }
    return "Kernels: \(words.joined(separator: ", ")). Without fused multiply-add the last digits differ."
  }
}

/// A run that would continue with kernels of other bits: exit code 78.
package struct KernelChangeError: ReportedError, Equatable {
  let run: String, step: Int, old: String, new: String
  package var exit: ExitStatus { .badConfiguration }

  package var description: String {
    "\(run): its \(step) steps were computed with the kernels \(old), and the others would be with \(new). One of the two has "
      + "no fused multiply-add, so the last digits would not be those of a run without a stop.\n"
      + "Resume it where \(old) or another level of its kind runs (minim doctor, MINIM_KERNELS), or accept other digits: "
      + "train resume \(run) --change-kernels"
  }
}
