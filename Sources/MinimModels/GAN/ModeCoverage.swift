import MinimData
import MinimKernels

/// The distribution of samples over the components of a mixture. The usual metric, counting components that have any
/// sample near them, is blind: eight points score "8 of 8, all good", and so do samples of which 86 % are from one
/// component. Here a component counts by its share, and by the spread of its samples.
package struct ModeCoverage: Sendable {
  /// The share of samples nearest to each component.
  package let shares: [Double]
  /// The share that each component should have.
  package let weights: [Double]
  /// The share of samples within three deviations of the nearest component.
  package let withinThreeDeviations: Double
  /// The usual metric: the components with any sample within three deviations.
  package let reached: Int
  /// The spread of the samples of each component: the median distance from their own mean, divided by that of draws of
  /// the mixture; 0 if there are fewer than three.
  package let spreads: [Double]

  /// - Parameters:
  ///   - samples: [count, d], row-major.
  ///   - reference: as many draws of the mixture.
  package init(_ samples: [Double], of mixture: GaussianMixture, reference: [Double]) {
    let (own, all) = (Self.groups(samples, mixture), Self.groups(reference, mixture))
    let count = Double(max(1, samples.count / mixture.dimensions))
    weights = mixture.weights
    shares = own.rows.map { Double($0.count) / count }
    withinThreeDeviations = Double(own.near.reduce(0, +)) / count
    reached = own.near.count { $0 > 0 }
    spreads = zip(own.rows, all.rows).map { Self.spread($0) / Self.spread($1) }
  }

  /// The components with at least a quarter of their share.
  package var covered: Int { zip(shares, weights).count { $0 >= $1 / 4 } }

  /// The smallest share relative to the expected one.
  package var leastShare: Double { zip(shares, weights).map { $0 / $1 }.min() ?? .nan }

  /// KL(shares, weights), in nats.
  package var divergence: Double {
    zip(shares, weights).reduce(0) { $1.0 > 0 ? $0 + $1.0 * Elementary.log($1.0 / $1.1) : $0 }
  }

  /// The samples grouped by their nearest component, and how many of each lie within three deviations.
  private static func groups(_ samples: [Double], _ mixture: GaussianMixture) -> (rows: [[[Double]]], near: [Int]) {
    let d = mixture.dimensions
    let deviations = mixture.covariances.map { c in (c.indices.map { c[$0][$0] }.max() ?? 0).squareRoot() }
    var rows = mixture.means.map { _ in [[Double]]() }
    var near = mixture.means.map { _ in 0 }
    for start in stride(from: 0, to: samples.count, by: d) {
      let row = Array(samples[start..<start + d])
      guard row.allSatisfy(\.isFinite) else { continue }
      let (index, distance) = mixture.nearestComponent(to: row)
      rows[index].append(row)
      if distance <= 3 * deviations[index] { near[index] += 1 }
    }
    return (rows, near)
  }

  private static func spread(_ rows: [[Double]]) -> Double {
    guard rows.count > 2 else { return 0 }
    let mean = rows[0].indices.map { i in rows.reduce(0) { $0 + $1[i] } / Double(rows.count) }
    let distances = rows.map { row in zip(row, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot() }
    return distances.sorted()[rows.count / 2]
  }
}

/// The energy distance of two samples, 2 E|X - Y| - E|X - X'| - E|Y - Y'|, each mean over pairs of different rows. Its
/// expectation is 0 exactly if the distributions are equal (Szekely and Rizzo 2013, "Energy statistics").
///
/// - Parameters:
///   - x: [count, d], row-major.
///   - y: [count, d], row-major, with any count.
package func energyDistance(_ x: [Double], _ y: [Double], dimensions d: Int) -> Double {
  func sum(_ a: [Double], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var sum = 0.0
        for i in stride(from: 0, to: a.count, by: d) {
          for j in stride(from: 0, to: b.count, by: d) {
            var square = 0.0
            for k in 0..<d { square += (a[i + k] - b[j + k]) * (a[i + k] - b[j + k]) }
            sum += square.squareRoot()
          }
        }
        return sum
      }
    }
  }
  let (n, m) = (Double(x.count / d), Double(y.count / d))
  return 2 * sum(x, y) / (n * m) - sum(x, x) / (n * max(1, n - 1)) - sum(y, y) / (m * max(1, m - 1))
}
