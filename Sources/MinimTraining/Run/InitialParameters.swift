import MinimFiles
import MinimNN

/// Parameters of another run that a run starts from, chosen by path and shape; the others start as usual. They lie in the
/// run's own folder, so that it can start again whatever becomes of the other run.
package struct InitialParameters: RunPreparation {
  /// A parameter and its extents.
  package struct Parameter: Equatable, Sendable {
    package let path: String
    package let shape: [Int]
  }

  /// The parameters that both runs have with the same shape.
  package let matched: [Parameter]
  /// Those that the other run has with another shape, which is second.
  package let reshaped: [(own: Parameter, other: [Int])]
  /// Those that only this run has, and that only the other run has.
  package let missing: [Parameter], unused: [Parameter]
  private let tensors: Safetensors

  /// Chooses among the parameters that another run keeps.
  ///
  /// - Parameters:
  ///   - kept: the other run's parameters.
  ///   - run: the name of its folder.
  ///   - configHash: the hash of its config.
  ///   - experiment: the experiment to train.
  /// - Throws: `InitialParametersError` if nothing matches, or if the model has a start of its own.
  package init(_ kept: KeptParameters, of run: String, configHash: String, for experiment: Experiment) throws {
    guard !experiment.model.definesStart else {
      throw InitialParametersError.ownStart(model: experiment.configuration.modelName)
    }
    let own = experiment.model.parameters.entries, others = kept.parameters.layout.entries
    let byPath = Dictionary(uniqueKeysWithValues: others.map { ($0.path, $0) })  // never iterated
    var matched: [Parameter] = [], reshaped: [(Parameter, [Int])] = [], missing: [Parameter] = []
    var tensors: [Safetensors.Tensor] = []
    for entry in own {
      let parameter = Parameter(path: entry.path, shape: entry.shape)
      guard let other = byPath[entry.path] else {
        missing.append(parameter)
        continue
      }
      guard other.shape == entry.shape else {
        reshaped.append((parameter, other.shape))
        continue
      }
      matched.append(parameter)
      // As they are kept: the precision of this run may be another one.
      let values = kept.parameters[other]
      tensors.append(
        kept.parameters.precision == .float32
          ? .init(name: entry.path, shape: entry.shape, values.map { Float($0) })
          : .init(name: entry.path, shape: entry.shape, values))
    }
    let known = Set(own.map(\.path))
    unused = others.filter { !known.contains($0.path) }.map { Parameter(path: $0.path, shape: $0.shape) }
    guard !matched.isEmpty else {
      throw InitialParametersError.nothingMatches(
        run: run, own: own.map { .init(path: $0.path, shape: $0.shape) },
        other: others.map { .init(path: $0.path, shape: $0.shape) })
    }
    (self.matched, self.reshaped, self.missing) = (matched, reshaped, missing)
    let origin = RunOrigin(run: run, step: kept.step, config: configHash, isAveraged: kept.averageDecay != nil)
    self.tensors = Safetensors(metadata: origin.metadata, tensors: tensors)
  }

  /// Puts the parameters into the folder.
  package func prepare(_ directory: RunDirectory, store: FileStore) throws {
    try tensors.write(to: directory.initial, store: store)
  }

  /// Puts the parameters that a run starts from, if there are any in its folder, into a vector.
  ///
  /// - Throws: `SafetensorsError` or `FileError` if the file is damaged, `CheckpointError` if it does not fit.
  static func restore(_ vector: ParameterVector, from directory: RunDirectory, store: FileStore) throws {
    guard store.exists(directory.initial) else { return }
    let file = try Safetensors(contentsOf: directory.initial, requiringChecksum: true, store: store)
    for tensor in file.tensors {
      guard let entry = vector.layout.entries.first(where: { $0.path == tensor.name }), entry.shape == tensor.shape,
        let values = tensor.float32?.map(Double.init) ?? tensor.float64
      else {
        throw CheckpointError(
          file: directory.initial, reason: "the model has no parameter \"\(tensor.name)\" of shape \(tensor.shape)")
      }
      vector[entry] = values
    }
  }
}

/// A reason why a run cannot start from the parameters of another: exit code 78.
package enum InitialParametersError: ReportedError {
  /// No parameter is the same in path and shape.
  case nothingMatches(run: String, own: [InitialParameters.Parameter], other: [InitialParameters.Parameter])
  /// The config says where the parameters start.
  case ownStart(model: String)

  package var exit: ExitStatus { .badConfiguration }

  package var description: String {
    switch self {
    case .nothingMatches(let run, let own, let other):
      func listed(_ parameters: [InitialParameters.Parameter]) -> String {
        parameters.prefix(6).map { "\($0.path) \($0.shape)" }.joined(separator: ", ")
          + (parameters.count > 6 ? ", ..." : "")
      }
      return "no parameter of \(run) has the path and the shape of one of this model.\n"
        + "  this model: \(listed(own))\n  that run:   \(listed(other))"
    case .ownStart(let model):
      return "the claims of the model \(model) follow its parameters from where the config lets them start. "
        + "Leave --from out"
    }
  }
}
