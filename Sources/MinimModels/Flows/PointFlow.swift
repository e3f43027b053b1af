import MinimData
import MinimNN

/// An invertible map F of points, from a standard normal u to data x, with parameters that are given: what is known of a
/// flow, whether it is made of couplings or of a field.
package protocol PointFlow: Sendable {
  /// The number of dimensions, d.
  var dimensions: Int { get }
  /// F of points u, [count, d] row-major, and log |det dF/du| at each.
  func forward(_ u: [Double]) -> FlowImages
  /// F^-1 of points x, [count, d] row-major, and log |det dF^-1/dx| at each.
  func inverse(_ x: [Double]) -> FlowImages
}

/// The mapped points, [count, d] row-major, and the log-det of each.
package struct FlowImages: Sendable {
  package let points: [Double], logDets: [Double]

  package init(points: [Double], logDets: [Double]) { (self.points, self.logDets) = (points, logDets) }

  /// The images with the log-dets of another map added, which comes before or after.
  func adding(_ logDets: [Double]) -> FlowImages {
    FlowImages(points: points, logDets: zip(self.logDets, logDets).map { $0 + $1 })
  }

  /// A box around the points, extended by a twentieth of their range on each side.
  var box: [ClosedRange<Double>] {
    let d = points.count / max(1, logDets.count)
    return (0..<d).map { column in
      let values = stride(from: column, to: points.count, by: d).lazy.map { points[$0] }
      let (low, high) = values.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1), max($0.1, $1)) }
      let margin = 0.05 * (high - low)
      return low - margin...high + margin
    }
  }
}

extension PointFlow {
  /// log p(x) of points, [count, d] row-major; nats.
  package func logProbs(_ x: [Double]) -> [Double] {
    let images = inverse(x)
    return zip(baseLogProbs(images.points), images.logDets).map { $0 + $1 }
  }

  /// log N(u; 0, I) of points, [count, d] row-major; nats.
  package func baseLogProbs(_ u: [Double]) -> [Double] {
    let constant = Double(dimensions) * halfLogTwoPi
    return stride(from: 0, to: u.count, by: dimensions).map { start in
      var square = 0.0
      for index in start..<start + dimensions { square += u[index] * u[index] }
      return -square / 2 - constant
    }
  }
}
