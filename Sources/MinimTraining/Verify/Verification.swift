import MinimFiles
import MinimKernels
import MinimNN

/// The result of taking steps of a run again in several ways: what each has come to, and where they differ.
package struct Verification: Sendable {
  /// A state compared with the first repetition.
  package struct Entry: Sendable {
    package let name: String
    /// SHA-256 of the parameters with the optimizer's state, and of the metrics that all have; nil if there are none.
    package let tensorHash: String?, metricsHash: String?
    /// Where it differs from the first repetition; empty if it agrees.
    package let differences: [StateDifference]
  }

  package let run: String
  package let stretch: RunStretch
  /// The run's own files.
  package let own: Entry
  /// The repetitions, the reference first.
  package let repetitions: [Entry]
  /// The number of rows of metrics that the run and every repetition have, and those that the run has.
  package let commonRows: Int, ownRows: Int

  /// Compares states.
  ///
  /// - Parameters:
  ///   - run: the run's name.
  ///   - stretch: the steps.
  ///   - own: the state by the run's own files.
  ///   - states: those of the repetitions; not empty. The first one that logs every step is what others are compared with.
  package init(_ run: String, _ stretch: RunStretch, own: TrainedState, repetitions states: [TrainedState]) {
    self.run = run
    self.stretch = stretch
    let common = TrainedState.common([own] + states)
    // The one with the most rows has something to say about each row of the others.
    let reference = states.max { $0.rows.count < $1.rows.count } ?? own
    func entry(_ state: TrainedState) -> Entry {
      Entry(
        name: state.name, tensorHash: state.tensorHash, metricsHash: state.metricsHash(common),
        differences: StateDifference.all(reference, state))
    }
    self.own = entry(own)
    repetitions = states.map(entry)
    (commonRows, ownRows) = (common.count, own.rows.count)
    referenceName = reference.name
  }

  /// The repetition that all are compared with.
  package let referenceName: String

  /// Whether all repetitions agree with each other.
  package var isReproducible: Bool { repetitions.allSatisfy(\.differences.isEmpty) }

  /// Whether they also agree with the run's own files.
  package var agrees: Bool { isReproducible && own.differences.isEmpty }

  /// 0 if all agree; 70 if repetitions differ, which breaks Minim's promise; 65 if only the run's files differ from them.
  package var exit: ExitStatus { agrees ? .success : isReproducible ? .badData : .bug }
}
