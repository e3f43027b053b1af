import MinimSystem

/// Statistics of claims. They use the system's `lgamma` and `erfc`: claims lie outside the bit promise.
public enum Statistics {
  /// P(X >= statistic) for a chi-square variable: the regularized upper incomplete gamma function Q(k/2, x/2), by its
  /// series below k/2 + 1 and by Lentz's continued fraction above (Press et al., "Numerical Recipes", section 6.2).
  public static func chiSquareTail(_ statistic: Double, degrees: Int) -> Double {
    let a = Double(degrees) / 2
    let x = statistic / 2
    guard !x.isNaN, x < .infinity else { return x.isNaN ? .nan : 0 }
    guard x > 0, degrees > 0 else { return 1 }
    let front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var n = a
      while abs(term) > abs(sum) * 1e-16 {
        n += 1
        term *= x / n
        sum += term
      }
      return max(0, 1 - sum * front)
    }
    var b = x + 1 - a
    var c = 1 / 1e-300
    var d = 1 / b
    var h = d
    for i in 1...10_000 {
      let an = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / (an * d + b)
      c = b + an / c
      let factor = d * c
      h *= factor
      if abs(factor - 1) < 1e-15 { break }
    }
    return front * h
  }

  /// The mean of independent values and its standard error.
  public static func mean(_ values: [Double]) -> (mean: Double, error: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / (count * max(1, count - 1))).squareRoot())
  }

  /// The difference of the share of `count` independent events from their probability at which one in 2,000 right runs
  /// is called wrong: 3.48 standard errors, or, if the event or its opposite is rare, the bound of Poisson's
  /// distribution, since a single event may then be many standard errors.
  public static func shareTolerance(_ probability: Double, count: Int) -> Double {
    let n = Double(count)
    let rarer = max(0, min(probability, 1 - probability))
    let normal = 3.48 * (rarer * (1 - rarer) / n).squareRoot()
    let expected = rarer * n
    guard expected < 50 else { return normal }
    var (allowed, term) = (0.0, exp(-expected))
    var tail = 1 - term
    while tail > 2.5e-4 {
      allowed += 1
      term *= expected / allowed
      tail -= term
    }
    return max(normal, (allowed + 0.5 - expected) / n)
  }

  /// The two-sided p-value of a standard normal deviate.
  public static func normalTail(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

  /// The value that a standard normal stays below with a probability between 0 and 1, by bisection of the error
  /// function.
  public static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The chi-square statistic of counts against expected counts. Cells with fewer than five expected are pooled into
  /// one; if the pool itself expects fewer than five, it joins the smallest of the other cells. A count in a cell where
  /// none is expected makes the statistic infinite.
  public static func chiSquare(_ counts: [Int], expected: [Double]) -> (statistic: Double, degrees: Int) {
    var cells: [(count: Double, expected: Double)] = []
    var pool = (count: 0.0, expected: 0.0)
    for (count, mean) in zip(counts, expected) {
      if mean == 0, count > 0 { return (.infinity, max(1, counts.count - 1)) }
      if mean < 5 {
        pool = (pool.count + Double(count), pool.expected + mean)
      } else {
        cells.append((Double(count), mean))
      }
    }
    if pool.expected >= 5 || cells.isEmpty {
      cells.append(pool)
    } else if let smallest = cells.indices.min(by: { cells[$0].expected < cells[$1].expected }) {
      cells[smallest].count += pool.count
      cells[smallest].expected += pool.expected
    }
    let statistic = cells.reduce(0.0) { sum, cell in
      cell.expected > 0 ? sum + (cell.count - cell.expected) * (cell.count - cell.expected) / cell.expected : sum
    }
    return (statistic, max(0, cells.count - 1))
  }
}
