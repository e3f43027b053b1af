import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport

/// A bilinear game under test, and what plays it.
struct SmallGame {
  let model: Bilinear
  let matrix: [Double]
  let start: [Double]

  init(_ matrix: [Double], _ critic: [Double], _ generator: [Double]) {
    model = Bilinear(BilinearConfiguration(matrix: matrix, critic: critic, generator: generator))
    self.matrix = matrix
    start = critic + generator
  }

  var n: Int { start.count / 2 }

  func singularValues() throws -> [Double] { try LAPACK.singularValues(matrix, n: n) }

  static let data = DataSplit(
    name: "none", training: .rows(Dataset(name: "none", exampleShape: [1], values: [0])))

  /// The game at its start, or at some players, as if a run had ended there.
  func trained(_ players: [Double]? = nil, rule: UpdateRule? = nil, precision: Precision = .float64) throws -> Trained {
    let vector = try ParameterVector(model.parameters, precision: precision)
    let z = players ?? start
    for (entry, values) in zip(model.parameters.entries, [z.prefix(n), z.suffix(n)]) { vector[entry] = Array(values) }
    var it = MinimModelsTests.trained(vector, data: Self.data)
    it.rule = rule
    return it
  }

  func trajectory(_ rule: UpdateRule, steps: Int) throws -> [[Double]] {
    try Trajectories(model, rule, trained()).trajectory(from: start, steps: steps)
  }

  func trajectory(_ rule: LinearRule, steps: Int) throws -> [[Double]] {
    try trajectory(rule.updateRule(steps: steps), steps: steps)
  }
}

/// The Euclidean norm.
func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
