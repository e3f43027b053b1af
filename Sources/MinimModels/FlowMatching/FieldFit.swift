import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The squared error of a field in its two parts, by quadrature: no draws, so no sampling error.
///
///     E |v - Y|^2 = E |v - E[Y given x_t]|^2 + E |Y - E[Y given x_t]|^2 = fit + floor
///
/// (Lipman et al. 2023, "Flow Matching for Generative Modeling", theorem 2), each time with its weight in the loss, that of its
/// distribution times that of what the net predicts. The floor belongs to the data and these weights; no net comes below it.
package struct FieldFit: Sendable {
  /// Both parts at one time, and the time's weight.
  package struct Moment: Sendable {
    package let time: Double, weight: Double
    /// E |Y|^2, E |v|^2 - 2 E v . E[Y given x_t], and E |v - E[Y given x_t]|^2.
    package let square: Double, own: Double, fit: Double
    /// E |Y - E[Y given x_t]|^2 as E |Y|^2 - E |E[Y given x_t]|^2, and as E tr Cov(Y given x_t).
    package let floor: Double, covariance: Double
    /// E tr Cov(x1 given x_t), the least squared error of a guess of the data.
    package let spread: Double
    /// The least squared error if Y had another x0 than x_t: E tr Cov(alpha' x1 given x_t) + d sigma'^2.
    package let otherNoise: Double
    /// What of the mass of p_t the grid has: 1 if it is wide and fine enough.
    package let mass: Double
  }

  /// The nodes of the times, in order.
  package let moments: [Moment]

  /// The mean of the floor over the times of training.
  package var floor: Double { moments.reduce(0) { $0 + $1.weight * $1.floor } }
  /// The mean of the fit over the times of training.
  package var fit: Double { moments.reduce(0) { $0 + $1.weight * $1.fit } }
  /// The mean of the floor in its other form.
  package var covariance: Double { moments.reduce(0) { $0 + $1.weight * $1.covariance } }
  /// E |v - Y|^2 by second moments: E |Y|^2 + E |v|^2 - 2 E v . E[Y given x_t].
  package var loss: Double { moments.reduce(0) { $0 + $1.weight * ($1.square + $1.own) } }
  /// The least squared error if Y had another x0 than x_t.
  package var otherNoise: Double { moments.reduce(0) { $0 + $1.weight * $1.otherNoise } }

  /// Measures the field of a model on data whose closed field is known.
  ///
  /// - Parameters:
  ///   - times: the distribution of the times; nil for that of training.
  ///   - predicted: what errors count in; nil for what the net predicts.
  ///   - nodes: the number of times.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    _ model: FlowMatching, _ density: any KnownField, times: FlowMatchingConfiguration.Times? = nil,
    predicted: FieldPrediction? = nil, nodes: Int = 24, _ trained: Trained
  ) throws {
    let path = model.configuration.path
    let measure = try FieldMeasure(of: model.field.velocity, path, density, trained)
    let predicted = predicted ?? model.configuration.predicted
    moments = Self.times(times ?? model.configuration.times, nodes).map { time, weight in
      measure.moment(at: time, weight: weight * predicted.weight(path, time))
    }
  }

  /// Nodes and weights of the times of training.
  static func times(_ times: FlowMatchingConfiguration.Times, _ count: Int) -> [(Double, Double)] {
    // A bell is narrow in its interval of sixteen deviations.
    let rule = GaussLegendre(times == .logitNormal ? 3 * count : count)
    return zip(rule.nodes, rule.weights).map { node, weight in
      switch times {
      case .uniform, .stratified: return (node, weight)
      case .quadratic: return (1 - node * node, weight)
      case .logitNormal:
        // Eight deviations to both sides.
        let z = 16 * node - 8
        return (Elementary.sigmoid(z), 16 * weight * Elementary.exp(-z * z / 2 - halfLogTwoPi))
      }
    }
  }
}
