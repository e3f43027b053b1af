import MinimDrawing
import MinimKernels
import MinimNN

/// The eigenvalues of a field's Jacobian at the end of a run, and the convergence of plain rules there.
struct FieldSpectrum {
  /// The outermost eigenvalues, or all of a small game.
  let eigenvalues: [Complex]

  /// Nil if there are no examples, or if a derivative is not finite.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  init?(_ model: some Model, _ trained: Trained) throws {
    guard let found = try FieldJacobian(model, trained)?.eigenvalues(), !found.isEmpty else { return nil }
    eigenvalues = found
  }

  func metrics(_ rule: UpdateRule?) -> [Evaluation.Metric] {
    func most(_ value: (Complex) -> Double) -> Double { eigenvalues.map(value).max() ?? .nan }
    var metrics: [Evaluation.Metric] = [
      .init(
        "leastRealPart", -most { -$0.real },
        "of the eigenvalues of the field's Jacobian; below 0: plain descent leaves this place"),
      .init("largestRealPart", most(\.real), "the same: what limits the step size"),
      .init("largestImaginaryPart", most(\.imaginary), "the same: the rotation, which a game alone has"),
    ]
    guard let rate = rule?.schedule.peak else { return metrics }
    for region in StabilityRegion.allCases {
      let modulus = most { region.modulus($0.scaled(by: rate)) }
      metrics.append(
        .init(
          "modulus.\(region)", modulus,
          "by how much a plain \(region) step of the run's rate would grow what grows fastest near this place"))
    }
    return metrics
  }

  /// The eigenvalues scaled so that the farthest is at 1, with the regions in which rules converge, and how many eigenvalues are in
  /// each: marks near a boundary hide each other.
  var plot: Plot {
    let scale = 1 / max(.leastNormalMagnitude, eigenvalues.map(\.modulus).max() ?? 1)
    let regions = StabilityRegion.allCases.enumerated().map { index, region in
      let inside = eigenvalues.count { region.modulus($0.scaled(by: scale)) < 1 }
      return Plot.Series(
        .lines(region.boundary()), name: "\(region) converges inside: \(inside)", color: index)
    }
    let dots = eigenvalues.map { (x: scale * $0.real, y: scale * $0.imaginary, error: 0.0) }
    return .plane(
      "eigenvalues of the field's Jacobian, at a step size of \(Readable.significant(scale, digits: 3))",
      labels: ("real", "imaginary"),
      (x: -1.2...2.2, y: -1.7...1.7), regions + [.init(.dots(dots), name: "\(eigenvalues.count) eigenvalues", color: 3)]
    )
  }
}
