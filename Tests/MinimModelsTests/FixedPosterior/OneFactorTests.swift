import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// A model, a q that is not its posterior, and rows, all of a seed.
struct RandomOneFactor {
  let model: OneFactor
  let q: LinearNormal
  let values: [Double]
  var rows: Moments { Moments(values) }

  init(seed: UInt64) {
    var random = SplitMix(seed: seed)
    func positive() -> Double { 0.05 + 2 * random.uniform() }
    let weight = (random.uniform() < 0.5 ? -1 : 1) * positive()
    model = OneFactor(weight: weight, bias: 2 * random.symmetric(), variance: positive())
    q = LinearNormal(slope: random.symmetric(), intercept: random.symmetric(), variance: positive())
    values = (0..<7).map { _ in 1 + 3 * random.symmetric() }
  }
}

@Suite struct OneFactorTests {
  private static let golden = Golden["vae", "q1_checks"]

  /// Where a function with one maximum between two places has it, by golden sections.
  private static func argmax(from left: Double, to right: Double, _ f: (Double) -> Double) -> Double {
    let share = (5.0.squareRoot() - 1) / 2
    var (a, b) = (left, right)
    for _ in 0..<120 {
      let (c, d) = (b - share * (b - a), a + share * (b - a))
      if f(c) > f(d) { b = d } else { a = c }
    }
    return (a + b) / 2
  }

  @Test(
    "log p(x), the posterior and KL are those of the linear Gaussian theory, row by row",
    arguments: 1...20 as ClosedRange<UInt64>)
  func closedForms(_ seed: UInt64) {
    let it = RandomOneFactor(seed: seed)
    let theory = LinearGaussianTheory(
      LinearGaussian(weights: [[it.model.weight]], bias: [it.model.bias], variance: it.model.variance))
    func mean(_ f: (Double) -> Double) -> Double { it.values.map(f).reduce(0, +) / Double(it.values.count) }
    #expect(abs(it.model.logProb(it.rows) - mean { theory.logProb([$0]) }) < 1e-12)
    let posterior = it.model.posterior
    #expect(abs(posterior.variance - theory.posteriorCovariance[0, 0]) < 1e-14)
    for x in it.values {
      #expect(abs(posterior.slope * x + posterior.intercept - theory.posteriorMean([x])[0]) < 1e-12)
    }
    let kl = mean {
      theory.klToPosterior([$0], mean: [it.q.slope * $0 + it.q.intercept], variance: [it.q.variance])
    }
    #expect(abs(it.model.klToPosterior(it.q, it.rows) - kl) < 1e-11 * max(1, kl))
    #expect(kl > 1e-3 && abs(it.model.klToPosterior(posterior, it.rows)) < 1e-12)
  }

  @Test("E_q log p(x, z) is the integral, and log p(x) - KL - entropy", arguments: 1...20 as ClosedRange<UInt64>)
  func expectation(_ seed: UInt64) {
    let it = RandomOneFactor(seed: seed)
    // The logarithm is a polynomial of degree two in z: three nodes make no error.
    let rule = GaussHermite(3)
    func logNormal(_ x: Double, _ mean: Double, _ variance: Double) -> Double {
      -((x - mean) * (x - mean) / variance + Elementary.log(2 * .pi * variance)) / 2
    }
    let integrals = it.values.map { x in
      zip(rule.nodes, rule.weights).reduce(0.0) { sum, point in
        let z = it.q.slope * x + it.q.intercept + it.q.variance.squareRoot() * point.0
        return sum + point.1
          * (logNormal(z, 0, 1) + logNormal(x, it.model.weight * z + it.model.bias, it.model.variance))
      }
    }
    let expected = integrals.reduce(0, +) / Double(integrals.count)
    let found = it.model.expectedLogJoint(it.q, it.rows)
    #expect(abs(found - expected) < 1e-11 * max(1, abs(expected)))
    let (logProb, kl) = (it.model.logProb(it.rows), it.model.klToPosterior(it.q, it.rows))
    #expect(abs(found - (logProb - kl - it.q.entropy)) < 1e-11 * max(1, abs(expected)))
    #expect(abs(found - (logProb - kl)) > 1e-3)
  }

  @Test("the maxima in closed form are those that a search finds", arguments: OneFactor.Learned.allCases)
  func maxima(_ learned: OneFactor.Learned) {
    for seed in 1...20 as ClosedRange<UInt64> {
      let it = RandomOneFactor(seed: seed)
      let best = it.model.maximizingLogProb(learned, it.rows)
      // The likelihood has a maximum on either side of a weight of zero.
      let side = learned == .bias ? -30.0...30 : it.model.weight < 0 ? -30...0.0 : 0.0...30
      let found = Self.argmax(from: side.lowerBound, to: side.upperBound) {
        it.model.with(learned, $0).logProb(it.rows)
      }
      #expect(abs(best[learned] - found) < 1e-6, "log p(x), seed \(seed)")
      let m = it.model.maximizingExpectedLogJoint(it.q, learned, it.rows)
      let searched = Self.argmax(from: -100, to: 100) { it.model.with(learned, $0).expectedLogJoint(it.q, it.rows) }
      #expect(abs(m[learned] - searched) < 1e-6, "E_q log p(x, z), seed \(seed)")
      // q is not the posterior at the maximum, and its own maximum is elsewhere; with that posterior it is there.
      #expect(abs(m[learned] - best[learned]) > 1e-4)
      let again = it.model.maximizingExpectedLogJoint(best.posterior, learned, it.rows)
      #expect(abs(again[learned] - best[learned]) < 1e-12)
    }
  }

  @Test("a theta off the maximum has a maximum of its expectation that is one EM step away: 1.112, not 1.733")
  func oneStep() {
    let x = (1.733 * 1.733 + 1).squareRoot()
    let (rows, start) = (Moments([x, -x]), OneFactor(weight: 0.5, bias: 0, variance: 1))
    #expect(abs(start.maximizingLogProb(.weight, rows).weight - 1.733) < 1e-12)
    #expect(abs(start.maximizingExpectedLogJoint(start.posterior, .weight, rows).weight - 1.112) < 5e-4)
  }

  @Test("the maxima may coincide although q is not the posterior: the golden counter-example")
  func counterExample() throws {
    let cases = try #require(Self.golden["only_if_counterexample"]?["cases"]?.array)
    #expect(cases.count == 3)
    let rows = Moments([0.7])
    for golden in cases {
      func number(_ key: String) throws -> Double { try #require(golden[key]?.number) }
      let q = LinearNormal(slope: 0, intercept: 0, variance: try number("v"))
      let start = OneFactor(weight: 1, bias: 0, variance: 1)
      let (m, best) = (
        start.maximizingExpectedLogJoint(q, .bias, rows), start.maximizingLogProb(.bias, rows)
      )
      #expect(abs(m.bias - (try number("argmax_ECLL"))) < 1e-12)
      #expect(abs(best.bias - (try number("argmax_loglik"))) < 1e-12)
      #expect(abs(best.klToPosterior(q, rows) - (try number("KL_at_argmax"))) < 1e-12)
      // The control: with another mean of q they do not coincide.
      let other = LinearNormal(slope: 0, intercept: 0.3, variance: q.variance)
      #expect(abs(start.maximizingExpectedLogJoint(other, .bias, rows).bias - 0.4) < 1e-12)
    }
  }

  @Test("a differential entropy may be negative: the golden one, and where it changes its sign")
  func entropy() throws {
    func entropy(_ deviation: Double) -> Double {
      LinearNormal(slope: 0, intercept: 0, variance: deviation * deviation).entropy
    }
    let golden = try #require(Self.golden["negative_differential_entropy"])
    #expect(abs(entropy(0.1) - (try #require(golden["H"]?.number))) < 1e-14)
    let threshold = try #require(golden["threshold_std"]?.number)
    #expect(entropy(threshold * 0.999999) < 0 && entropy(threshold * 1.000001) > 0)
  }
}
