import MinimSystem

extension Statistics {
  /// Half the width of the 95 % interval of the mean of independent normal values, by Student's t (Student 1908, "The
  /// Probable Error of a Mean"); NaN for fewer than two.
  public static func halfInterval(_ values: [Double]) -> Double {
    values.count < 2 ? .nan : studentQuantile(degrees: values.count - 1) * mean(values).error
  }

  /// The value that |T| stays below with probability 0.95, by bisection of Student's distribution.
  public static func studentQuantile(degrees: Int) -> Double {
    var (low, high) = (0.0, 13.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if studentCentral(middle, degrees: degrees) < 0.95 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// P(|T| <= t), a finite sum (Abramowitz and Stegun 1964, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4).
  static func studentCentral(_ t: Double, degrees n: Int) -> Double {
    let theta = atan(t / Double(n).squareRoot())
    let square = cos(theta) * cos(theta)
    var term = n % 2 == 1 ? cos(theta) : 1, sum = n == 1 ? 0 : term
    var k = n % 2 == 1 ? 3 : 2
    while k < n {
      term *= square * Double(k - 1) / Double(k)
      sum += term
      k += 2
    }
    return n % 2 == 1 ? 2 / Double.pi * (theta + sin(theta) * sum) : sin(theta) * sum
  }
}
