import MinimKernels
@_spi(Minim) import MinimNN
import MinimParallel
import TestSupport
import Testing

/// Muon against its author's formulas, in plain loops over Double.
@Suite struct MuonTests {
  /// A wide, a tall and a square matrix, a convolution's weight, a bias and a scalar.
  private static let shapes = [[3, 5], [6, 2], [4, 4], [2, 2, 3, 2], [7], [1]]

  private static func layout() -> ParameterLayout {
    let scope = ParameterScope()
    for (index, shape) in shapes.enumerated() { _ = scope.parameter("p\(index)", shape: shape, .uniform(bound: 1)) }
    return scope.layout
  }

  /// What every step does to one matrix of the reference.
  private struct Reference {
    var p: Matrix, v: Matrix

    mutating func step(_ g: Matrix, rate: Double, momentum: Double, weightDecay: Double) {
      v = g.adding(v, times: momentum)
      let direction = Self.orthogonalized(g.adding(v, times: momentum))
      let scale = max(1, Double(p.rows) / Double(p.columns)).squareRoot()
      p = p.scaled(by: 1 - rate * weightDecay).adding(direction, times: -rate * scale)
    }

    static func orthogonalized(_ g: Matrix) -> Matrix {
      if g.rows > g.columns { return orthogonalized(g.transposed).transposed }
      var x = g.scaled(by: 1 / (g.norm + 1e-7))
      for _ in 0..<5 {
        let a = x * x.transposed
        x = x.scaled(by: 3.4445).adding(a.scaled(by: -4.7750).adding(a * a, times: 2.0315) * x)
      }
      return x
    }
  }

  @Test("steps are those of the formulas; what is not a matrix takes Adam's", arguments: Precision.allCases)
  func formulas(_ precision: Precision) throws {
    let layout = Self.layout(), kernels = try KernelTable(level: .preferred, precision: precision)
    func vector() throws -> ParameterVector { try ParameterVector(layout, precision: precision) }
    let (parameters, gradient, other) = (try vector(), try vector(), try vector())
    let (state, adamState) = (try [vector(), vector()], try [vector(), vector()])
    parameters.initialize(seed: 11)
    other.initialize(seed: 11)
    var references = layout.entries.filter { $0.shape.count > 1 }.map { entry in
      let columns = entry.shape.last ?? 1, rows = entry.shape.elementCount / columns
      return Reference(p: Matrix(rows, columns, parameters[entry]), v: Matrix(rows, columns) { _, _ in 0 })
    }
    let adam = Adam(beta1: 0.8)
    let muon = try Muon(momentum: 0.9, weightDecay: 0.1, adam: adam, adamRate: 0.5).bound(to: layout, kernels)
    let vectors = OptimizerVectors(
      parameters: parameters.pointer, gradient: gradient.pointer, state: state.map(\.pointer), kernels: kernels)
    let plain = OptimizerVectors(
      parameters: other.pointer, gradient: gradient.pointer, state: adamState.map(\.pointer), kernels: kernels)
    for number in 1...6 {
      var generator = SplitMix(seed: UInt64(number))
      for entry in layout.entries { gradient[entry] = parameters[entry].map { _ in generator.symmetric() * 3 } }
      let step = OptimizerStep(rate: 0.05, gradientScale: 0.25, updates: number)
      for entry in layout.entries { muon.update(entry.range, vectors, step) }
      adam.update(0..<layout.count, plain, OptimizerStep(rate: 0.025, gradientScale: 0.25, updates: number))
      for (index, entry) in layout.entries.enumerated() {
        let found = parameters[entry]
        if references.indices.contains(index) {
          let (rows, columns) = (references[index].p.rows, references[index].p.columns)
          let own = Matrix(rows, columns, gradient[entry].map { 0.25 * $0 })
          references[index].step(own, rate: 0.05, momentum: 0.9, weightDecay: 0.1)
          let tolerance = precision == .float64 ? 1e-12 : 2e-4
          #expect(references[index].p.distance(to: Matrix(rows, columns, found)) < tolerance, "\(entry.path) \(number)")
        } else {
          #expect(found == other[entry])
        }
      }
    }
    // The optimizer has their addresses only.
    withExtendedLifetime((state, adamState)) {}
    // The control: plain momentum leads elsewhere.
    #expect(references[0].p.distance(to: Matrix(3, 5, other[layout.entries[0]])) > 1e-2)
  }

  @Test("the direction of a matrix is near an orthogonal one") func orthogonal() throws {
    var generator = SplitMix(seed: 3)
    let g = Matrix(4, 9) { _, _ in generator.symmetric() }
    let x = Reference.orthogonalized(g)
    let singular = try (x * x.transposed).symmetricEigenvalues().map { $0.squareRoot() }
    // Jordan's coefficients do not converge; they bring singular values into about 0.7 ... 1.2.
    #expect(singular.allSatisfy { (0.6...1.3).contains($0) })
  }

  @Test("a step has the same bits for any number of workers and any cut of the rest, and allocates nothing")
  func workers() throws {
    var results: [[Double]] = []
    for workers in 1...3 {
      let bench = try EngineBench(
        examples: 13, shards: 5, workers: workers, optimizer: Averaged(Muon(weightDecay: 0.1), decay: 0.9))
      _ = try bench.step(1)
      let count = try allocations { for step in 2...50 { _ = try bench.step(step, examples: 13) } }
      // Two jobs per step are handed to another thread, each with two contexts: shards, and whole parameters.
      if workers < 3 { #expect(count ?? 0 <= 49 * (workers == 1 ? 0 : 4)) }
      results.append(bench.parameters.values)
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }
}
