import Foundation
import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// Models as plain NumPy, an independent check of the engine: another program computes the same expressions.
@Suite struct NumPyModelTests {
  /// A small model with parameters that no initializer has left at 0.
  private struct Case {
    let small: SmallModel
    let model: any Model
    let trained: Trained

    init(_ small: SmallModel) throws {
      self.small = small
      model = try small.make()
      let parameters = try ParameterVector(model.parameters, precision: .float32)
      parameters.initialize(seed: 5)
      let key = RandomKey(seed: 9)
      for (index, entry) in model.parameters.entries.enumerated() {
        let own = key.folding(UInt64(index))
        parameters[entry] = parameters[entry].enumerated().map { $1 + 0.1 * own.normal(at: UInt64($0)) }
      }
      trained = Trained(
        parameters: parameters, data: small.data, pool: WorkerPool(workers: 1), level: try .current, seed: 11)
    }

    func file(count: Int = NumPyWriter.usualCount) throws -> NumPyFile {
      try NumPyFile(model, trained, title: small.testDescription, count: count)
    }
  }

  @Test("the text is one for any number of examples", arguments: SmallModel.all)
  func anyCount(_ small: SmallModel) throws {
    let it = try Case(small)
    let text = try it.file().text
    #expect(try text == it.file(count: 999_983).text)
    #expect(text.contains("def objective(self") && text.contains("\"\(it.model.parameters.entries[0].path)\": ("))
    #expect(text.contains("def losses(self") == (it.model.losses(Batch(count: 1, of: small.data)) != nil))
  }

  @Test("a title cannot end its string") func title() throws {
    let it = try Case(SmallModel.all[0])
    let text = try NumPyFile(it.model, it.trained, title: #"a """ and \ b"#).text
    #expect(text.hasPrefix(#"""""# + #"a \"\"\" and \\ b"#))
  }

  /// The number of examples that are compared; small data are repeated.
  private static let count = 100

  @Test(
    "the losses and objectives of every model are the engine's: within 1e-6 in Float, within 1e-12 in Double",
    .enabled(if: NumPy.isThere, "needs Python with NumPy"))
  func losses() throws {
    let folder = try TemporaryFolder()
    let cases = try SmallModel.all.map(Case.init)
    var script = ""
    for (number, it) in cases.enumerated() {
      try folder.put(Array(it.file().text.utf8), "model_\(number).py")
      script += try Self.script(number, it)
    }
    let found = try NumPy.values(of: Self.calls + script, in: folder.path)
    for (number, it) in cases.enumerated() {
      for (precision, tolerance) in [(Precision.float32, 1e-6), (.float64, 1e-12)] {
        for (name, values) in try Self.expected(it, precision) {
          let own = try #require(found["\(number).\(precision).\(name)"], "\(it.small), \(name)")
          #expect(own.type == "\(precision)" && own.values.count == values.count, "\(it.small), \(name)")
          let worst = zip(own.values, values).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
          #expect(worst < tolerance, "\(it.small), \(name), \(precision): \(worst)")
        }
      }
      let drawn = try it.model.samples(10, from: it.trained)
      if let own = found["\(number).samples"] {
        #expect(relativeDifference(own.values, drawn.values.map(Double.init)) < 1e-5, "\(it.small): samples")
      }
    }
    // The control: draws of another seed are others.
    let drawing = try #require(cases.firstIndex { $0.small.testDescription == "gaussian vae" })
    let other = try #require(found["\(drawing).other"]), same = try #require(found["\(drawing).float64.losses"])
    #expect(relativeDifference(other.values, same.values) > 1e-3)
  }

  /// The first examples, again and again.
  private static func inputs(_ it: Case) -> (examples: [Double], labels: [Int]) {
    guard let rows = it.small.data.rows else { return ([], []) }
    let places = (0..<count).map { $0 % rows.count }
    return (
      places.flatMap { rows.example($0).map(Double.init) }, rows.classes > 0 ? places.map { rows.labels[$0] } : []
    )
  }

  /// What the engine computes, by name.
  private static func expected(_ it: Case, _ precision: Precision) throws -> [(name: String, values: [Double])] {
    let batch = Batch(count: count, of: it.small.data), objective = it.model.objective(batch)
    var tensors = [("objective", objective.value)] + objective.players.map { ("players.\($0.name)", $0.value) }
    tensors += it.model.parts(batch).map { ("parts.\($0.name)", $0.value) }
    if let losses = it.model.losses(batch) { tensors.append(("losses", losses)) }
    let (examples, labels) = inputs(it)
    let classes = it.small.data.classes
    let values = try evaluate(
      tensors.map(\.1), parameters: it.trained.parameters.values,
      inputs: [
        Batch.inputName: examples, Batch.stepName: [3], Batch.indexName: (0..<count).map(Double.init),
        Batch.labelName: labels.flatMap { label in (0..<classes).map { $0 == label ? 1 : 0 } },
      ], kernels: .current(precision), random: (seed: 11, step: 3, firstExample: 0))
    return zip(tensors, values).map { ($0.0, $1) }
  }

  /// Calls a method with those of the given arguments that it has.
  private static let calls = """
    import inspect

    def call(method, **given):
        names = inspect.signature(method).parameters
        return method(**{name: value for name, value in given.items() if name in names})

    def show_all(prefix, model, seed, **given):
        given["draws"] = model.draws(seed, step=3)
        for name in ("losses", "objective", "players", "parts"):
            if hasattr(model, name):
                values = call(getattr(model, name), **given)
                for key, value in values.items() if isinstance(values, dict) else [(None, values)]:
                    show(f"{prefix}.{name}" + (f".{key}" if key else ""), value)

    """

  private static func script(_ number: Int, _ it: Case) throws -> String {
    let (examples, labels) = inputs(it)
    return """
      import model_\(number)
      given = dict(examples=\(examples), labels=\(labels), n=\(count), step=3)
      for dtype in ("float32", "float64"):
          show_all(f"\(number).{dtype}", model_\(number).Model(dtype), None, **given)
      if hasattr(model_\(number).Model, "sample"):
          show("\(number).samples", model_\(number).Model().sample(10))
      if "\(it.small.testDescription)" == "gaussian vae":
          model = model_\(number).Model("float64")
          show("\(number).other", model.losses(given["examples"], model.draws(12, step=3)))

      """
  }
}
