import MinimAutodiff
import MinimKernels
import MinimNN

// T3: gradients. T4: random numbers.

extension TrainingClaims {
  /// T3: the derivative of each player's objective along random directions, by reverse mode and by differences.
  ///
  /// It is taken near the kept parameters: at them a derivative may be 0, and nothing would be compared.
  func gradientClaim() throws -> Claim {
    let near = try nearby()
    let objective = objective(smallBatch.examples)
    let entries = model.parameters.entries
    let players =
      objective.players.isEmpty
      ? [(objective.value, entries.map(\.tensor))] : objective.players.map { ($0.value, $0.parameters) }
    var (measured, control) = (0.0, 0.0)
    for (value, variables) in players {
      let own = entries.filter { entry in variables.contains { $0 === entry.tensor } }
      let checked = try check(value, own, near)
      measured = max(measured, checked.measured)
      control = max(control, checked.control)
    }
    return Claim(
      Claim.Theorem(
        "T3", "gradients are the derivatives of the objective",
        formula: #"\nabla L(\theta) \cdot v = \frac{L(\theta + h v) - L(\theta - h v)}{2 h}"#, .identity),
      "largest difference from a central difference along \(Self.directions) directions, over the gradient's norm",
      measured: measured, .equal, 0, tolerance: 1e-5,
      control: .init(
        "twice the gradient", changed: "the gradient", measured: control,
        cannotFailIf: "the gradient is next to nothing here"))
  }

  private static let directions = 2
  /// A kink between the two points of a difference spoils it, and a large net has many: then a smaller one is better, although
  /// it has fewer digits.
  private static let distances = [1e-4, 1e-5, 1e-6, 1e-7, 1e-8]

  /// The kept parameters with a little noise, in Double.
  private func nearby() throws -> ParameterVector {
    let near = try trained.parameters.converted(to: .float64)
    let key = RandomKey(seed: configuration.seed).folding(.evaluation).folding(1)
    for (index, entry) in near.layout.entries.enumerated() {
      let noise = key.folding(UInt64(index))
      near[entry] = near[entry].enumerated().map { $1 + 0.01 * noise.normal(at: UInt64($0)) }
    }
    return near
  }

  private func check(
    _ value: Tensor, _ entries: [ParameterLayout.Entry], _ near: ParameterVector
  ) throws -> (measured: Double, control: Double) {
    let kernels = try KernelTable(level: trained.level, precision: .float64)
    let seed = configuration.seed
    func evaluated(_ tensors: [Tensor], _ vector: [Double], _ inputs: [String: [Double]]) throws -> [[Double]] {
      try evaluate(
        tensors, parameters: vector, inputs: inputs, kernels: kernels, random: (seed, 1, 0))
    }
    let start = near.values
    var inputs = inputs(Array(0..<smallBatch.examples), step: 1)
    let gradients = try evaluated(gradient(of: value, withRespectTo: entries.map(\.tensor)), start, inputs)
    let (frozen, stopped) = value.freezing()
    for (it, values) in zip(stopped, try evaluated(stopped.map(\.value), start, inputs)) { inputs[it.name] = values }
    let size = gradients.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }.squareRoot()
    let level = try abs(evaluated([frozen], start, inputs)[0][0])
    let scale = size + 1e-6 * max(1, level)
    var (measured, control) = (0.0, 0.0)
    for direction in 0..<Self.directions {
      let key = RandomKey(seed: seed).folding(.evaluation).folding(UInt64(2 + direction))
      let moves = entries.enumerated().map { index, entry in
        (0..<entry.shape.elementCount).map { key.folding(UInt64(index)).normal(at: UInt64($0)) }
      }
      let slope = zip(gradients, moves).reduce(0) { $0 + zip($1.0, $1.1).reduce(0) { $0 + $1.0 * $1.1 } }
      func moved(_ distance: Double) throws -> Double {
        var vector = start
        for (entry, move) in zip(entries, moves) {
          for (i, step) in move.enumerated() { vector[entry.offset + i] += distance * step }
        }
        return try evaluated([frozen], vector, inputs)[0][0]
      }
      let differences = try Self.distances.map { h in (try moved(h) - moved(-h)) / (2 * h) }
      func least(_ slope: Double) -> Double { differences.map { abs($0 - slope) / scale }.min() ?? .nan }
      measured = max(measured, least(slope))
      control = max(control, least(2 * slope))
    }
    return (measured, control)
  }

  /// T4: the random numbers that the objective reads are independent standard normals, new in each step and example. None
  /// if it reads none.
  func drawClaims() throws -> [Claim] {
    let theorem = Claim.Theorem(
      "T4", "the random numbers of steps are independent standard normals",
      formula: #"\epsilon_i \sim N(0, 1), \quad \mathbb{E}[\epsilon_i \epsilon_j] = 0"#, .statistical)
    let objective = objective(smallBatch.examples)
    guard ([objective.value] + objective.players.map(\.value)).contains(where: \.isRandom) else { return [] }
    let (examples, each) = (512, 16)
    let kernels = try KernelTable(level: trained.level, precision: trained.parameters.precision)
    func draws(_ step: UInt64, _ first: Int) throws -> [Double] {
      try evaluate(
        [.normal(shape: [examples, each], purpose: .model)], kernels: kernels,
        random: (configuration.seed, step, first))[0]
    }
    let parts = try [draws(1, 0), draws(2, 0), draws(1, examples)]
    func pValue(_ width: Double) -> Double {
      let n = Double(examples * each)
      let moments = parts.flatMap { part -> [Double] in
        let mean = part.reduce(0) { $0 + width * $1 } / n
        let square = part.reduce(0) { $0 + width * $1 * width * $1 } / n
        return [mean * n.squareRoot(), (square - 1) * (n / 2).squareRoot()]
      }
      let products = [(0, 1), (0, 2), (1, 2)].map { a, b in
        zip(parts[a], parts[b]).reduce(0) { $0 + $1.0 * $1.1 } / n.squareRoot()
      }
      let all = moments + products
      return min(1, Double(all.count) * (all.map { Statistics.momentTail($0, count: Int(n)) }.min() ?? .nan))
    }
    let own = pValue(1)
    return [
      Claim(
        theorem, "p-value of means, variances and products of two steps and two batches of \(examples) examples",
        measured: own, .atLeast, 1e-6, tolerance: 0, pValue: own, samples: examples * each,
        control: .init("the same numbers times 1.1", changed: "their deviation", measured: pValue(1.1)))
    ]
  }
}
