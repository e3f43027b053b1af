import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

extension FlowMatching {
  /// FM15: the loss of an example in plain loops, from the field's velocity at a drawn time of its way. None if there are no
  /// examples at hand.
  func formulaClaims(_ trained: Trained) throws -> [Claim] {
    guard let rows = (trained.data.rows ?? trained.data.validation)?.first(Self.formulaRows) else { return [] }
    let (n, d) = (rows.count, dimensions), path = configuration.path
    let batch = Batch(count: n, of: trained.data)
    guard let losses = losses(batch) else { return [] }
    // The same draws as those of the loss, which a plan has once.
    let noise = noise(n), t = times(n)
    let data = unit.entering(unit.dequantized(batch).reshape([n, d]))
    let (x, way) = (Tensor.input("x", shape: [n, d]), Tensor.input("t", shape: [n, 1]))
    let velocity = field.velocity(x, way, labels: labels(batch))
    var inputs = [Batch.inputName: rows.values.map(Double.init)]
    if trained.data.classes > 0 {
      inputs[Batch.labelName] = rows.labels.flatMap { label in (0..<trained.data.classes).map { $0 == label ? 1 : 0 } }
    }
    func evaluate(_ tensors: [Tensor], _ more: [String: [Double]] = [:]) throws -> [[Double]] {
      try MinimAutodiff.evaluate(
        tensors, parameters: trained.parameters.values, inputs: inputs.merging(more) { $1 },
        kernels: KernelTable(level: trained.level, precision: .float64), random: (trained.seed, 1, 0))
    }
    let drawn = try evaluate([losses, data, noise, t])
    let points = (0..<n * d).map { index in
      let f = path.factors(drawn[3][index / d])
      return f.alpha * drawn[1][index] + f.sigma * drawn[2][index]
    }
    let velocities = try evaluate([velocity], ["x": points, "t": drawn[3]])[0]
    func largest(_ noise: [Double]) -> Double {
      (0..<n).reduce(0) { most, row in
        let f = path.factors(drawn[3][row])
        let square = (row * d..<(row + 1) * d).reduce(0.0) { sum, index in
          let error: Double = velocities[index] - f.alphaRate * drawn[1][index] - f.sigmaRate * noise[index]
          return sum + error * error
        }
        let loss = configuration.predicted.weight(path, drawn[3][row]) * square
        return Swift.max(most, Swift.abs(drawn[0][row] - loss) / Swift.max(1, Swift.abs(drawn[0][row])))
      }
    }
    return [
      Claim(
        Claim.Theorem(
          "FM15", "the loss of an example is the squared error at a drawn time of its way",
          formula: #"L = w_t \|v_\theta(x_t, t) - \dot{\alpha} x_1 - \dot{\sigma} x_0\|^2"#, .identity),
        "largest relative difference of \(n) examples, in plain loops", measured: largest(drawn[2]), .equal, 0,
        tolerance: 1e-9, samples: n,
        control: .init(
          "the noise of another example in Y", changed: "the formula",
          measured: largest(Array(drawn[2].dropFirst(d) + drawn[2].prefix(d))),
          cannotFailIf: n == 1 ? "there is one example" : nil))
    ]
  }

  private static let formulaRows = 32
}
