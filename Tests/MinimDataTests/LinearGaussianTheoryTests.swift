import MinimKernels
import Foundation
import MinimConfiguration
import MinimData
import MinimFiles
import TestSupport
import Testing

/// The closed forms against numbers that were computed by other means, and against integrals.
@Suite struct LinearGaussianTheoryTests {
  private static let theory = LinearGaussianTheory(.example)
  private static let points = Golden["vae", "linear_gaussian", "points"].array ?? []

  @Test func whatDoesNotDependOnTheExample() throws {
    func golden(_ key: String) -> JSON { Golden["vae", "linear_gaussian", key] }
    #expect(distance(Self.theory.posteriorPrecision, try #require(golden("posterior_precision_M").matrix)) < 1e-10)
    #expect(distance(Self.theory.posteriorCovariance, try #require(golden("posterior_cov").matrix)) < 1e-10)
    #expect(distance(Self.theory.covariance, try #require(golden("marginal_cov").matrix)) < 1e-10)
    #expect(distance(Self.theory.encoder, try #require(golden("full_linear_encoder_matrix_Astar").matrix)) < 1e-10)
    #expect(distance(Self.theory.optimalVariances, try #require(golden("qstar_var").numbers)) < 1e-10)
    #expect(abs(Self.theory.approximationGap - (try #require(golden("approximation_gap").number))) < 1e-10)
    #expect(abs(Self.theory.entropy - (try #require(golden("entropy_of_model_marginal_h_x").number))) < 1e-10)
  }

  @Test("examples and encoders are golden", arguments: 0..<3) func examples(_ index: Int) throws {
    let point = try #require(Self.points.indices.contains(index) ? Self.points[index] : nil)
    let test = try #require(point["q_test"])
    func number(_ json: JSON, _ key: String) throws -> Double { try #require(json[key]?.number) }
    func numbers(_ json: JSON, _ key: String) throws -> [Double] { try #require(json[key]?.numbers) }
    let x = try numbers(point, "x"), theory = Self.theory
    #expect(abs(theory.logProb(x) - (try number(point, "log_px"))) < 1e-10)
    let mu = theory.posteriorMean(x)
    #expect(distance(mu, try numbers(point, "post_mean")) < 1e-10)
    let best = theory.elbo(x, mean: mu, variance: theory.optimalVariances)
    #expect(abs(best - (try number(point, "elbo_qstar"))) < 1e-10)

    let (m, v) = (try numbers(test, "mean"), try numbers(test, "var"))
    let elbo = theory.elbo(x, mean: m, variance: v), gap = theory.amortizationGap(x, mean: m, variance: v)
    #expect(abs(elbo - (try number(test, "elbo"))) < 1e-10)
    #expect(abs(gap - (try number(test, "amortization_gap"))) < 1e-10)
    #expect(abs(theory.klToPosterior(x, mean: m, variance: v) - (try number(test, "inference_gap"))) < 1e-10)
    let gradient = theory.gradient(x, mean: m, variance: v)
    #expect(distance(gradient.mean, try numbers(test, "dELBO_dmean")) < 1e-10)
    #expect(distance(gradient.logVariance, try numbers(test, "dELBO_dlogvar")) < 1e-10)
  }

  /// log p - ELBO = KL(q, posterior) = approximation gap + amortization gap, for any x and q.
  @Test("the gaps add up", arguments: LinearGaussianTests.models) func decomposition(_ model: LinearGaussian) {
    let theory = LinearGaussianTheory(model)
    for seed in 0..<10 as Range<UInt64> {
      let x = values(model.inputs, seed: seed).map { 3 * $0 }
      let (m, v) = (values(model.latent, seed: 20 + seed), values(model.latent, seed: 40 + seed).map { exp($0) })
      let gap = theory.logProb(x) - theory.elbo(x, mean: m, variance: v)
      let amortization = theory.amortizationGap(x, mean: m, variance: v)
      #expect(abs(gap - theory.approximationGap - amortization) < 1e-10 * max(1, gap))
      #expect(amortization > 0 && theory.approximationGap >= -1e-12)
      let best = theory.amortizationGap(x, mean: theory.posteriorMean(x), variance: theory.optimalVariances)
      #expect(abs(best) < 1e-12)
    }
  }

  /// The control: KL(q, prior) - KL(q*, posterior) + KL(q*, posterior) - KL(q, posterior) looks like a decomposition of the
  /// gap, and is none.
  @Test func aWrongDecomposition() throws {
    let check = Golden["vae", "q1_checks", "seed_12_decomposition"]
    let x = try #require(Self.points.first?["x"]?.numbers)
    let (m, v) = ([0.1, -0.2], [0.3, 0.5])
    let gap = Self.theory.logProb(x) - Self.theory.elbo(x, mean: m, variance: v)
    let wrong =
      Self.theory.klToPrior(mean: m, variance: v) - Self.theory.klToPosterior(x, mean: m, variance: v)
    #expect(abs(gap - (try #require(check["true_gap"]?.number))) < 1e-10)
    #expect(abs(wrong - (try #require(check["seed_sum_KLprior_minus_KLpost"]?.number))) < 1e-10)
    #expect(abs(wrong + 1.970794431) < 1e-9 && abs(wrong - gap) > 4)
  }

  /// log p(x), posterior mean and covariance as sums over a grid of latents: nothing of linear algebra.
  @Test func integralsOverTheLatents() throws {
    let x = [0.5, -0.3, 1.2, 0], model = LinearGaussian.example
    var (mass, first, second) = (0.0, [0.0, 0], [0.0, 0, 0])
    let step = 0.05
    for i in -160...160 {
      for j in -160...160 {
        let z = [Double(i) * step, Double(j) * step]
        let squares = (0..<4).reduce(0) { sum, k in
          let r = x[k] - model.bias[k] - model.weights[k, 0] * z[0] - model.weights[k, 1] * z[1]
          return sum + r * r / model.variance
        }
        let p = exp(-0.5 * (squares + z[0] * z[0] + z[1] * z[1]))
        mass += p
        for k in 0..<2 { first[k] += p * z[k] }
        second = zip(second, [z[0] * z[0], z[0] * z[1], z[1] * z[1]]).map { $0 + p * $1 }
      }
    }
    let logProb = log(mass * step * step) - 3 * log(2 * .pi) - 2 * log(model.variance)
    #expect(abs(logProb - Self.theory.logProb(x)) < 1e-10)
    let mean = first.map { $0 / mass }
    #expect(distance(Self.theory.posteriorMean(x), mean) < 1e-10)
    let moments = second.map { $0 / mass }
    let covariance = [moments[0] - mean[0] * mean[0], moments[1] - mean[0] * mean[1], moments[2] - mean[1] * mean[1]]
    let exact = Self.theory.posteriorCovariance
    #expect(distance([exact[0, 0], exact[1, 0], exact[1, 1]], covariance) < 1e-10)
  }

  @Test("gradients are the slopes of the ELBO", arguments: LinearGaussianTests.models)
  func gradients(_ model: LinearGaussian) {
    let theory = LinearGaussianTheory(model)
    let x = values(model.inputs, seed: 3), m = values(model.latent, seed: 4), log = values(model.latent, seed: 5)
    func slope(_ f: (Double) -> Double) -> Double { (f(1e-4) - f(-1e-4)) / 2e-4 }
    func moved(_ values: [Double], _ j: Int, _ t: Double) -> [Double] {
      values.indices.map { values[$0] + ($0 == j ? t : 0) }
    }
    let variances = log.map { exp($0) }
    let gradient = theory.gradient(x, mean: m, variance: variances)
    for j in 0..<model.latent {
      let inMean = slope { theory.elbo(x, mean: moved(m, j, $0), variance: variances) }
      let inLog = slope { theory.elbo(x, mean: m, variance: moved(log, j, $0).map { exp($0) }) }
      #expect(abs(inMean - gradient.mean[j]) < 1e-6 * max(1, abs(inMean)))
      #expect(abs(inLog - gradient.logVariance[j]) < 1e-6 * max(1, abs(inLog)))
    }
  }

  // MARK: - Encoders that see some inputs only

  @Test func restrictedEncodersAreGolden() throws {
    for (name, golden) in Golden["vae", "linear_gaussian", "restricted_linear_encoder"].members {
      let seen = try #require(golden["inputs_seen_0based"]?.integers)
      let best = try #require(Self.theory.optimalEncoder(seeing: seen))
      #expect(distance(best, try #require(golden["optimal_encoder_matrix"]?.matrix)) < 1e-10, "\(name)")
      let gap = try #require(Self.theory.expectedAmortizationGap(seeing: seen))
      #expect(abs(gap - (try #require(golden["expected_amortization_gap"]?.number))) < 1e-10, "\(name)")
    }
    #expect(Self.theory.optimalEncoder(seeing: [1, 1]) == nil)
  }

  /// The mean gap over data, by its definition; a sample's own covariance gives that of the sample exactly, and every other
  /// encoder has more.
  @Test("expected gaps are means over the data", arguments: [[], [2], [0, 1], [3, 1], [0, 1, 2], [0, 1, 2, 3]])
  func expectedGaps(_ seen: [Int]) throws {
    let sample = rows(of: LinearGaussian.example.dataset(rows: 500, key: LinearGaussianTests.key))
    let (mean, covariance) = moments(sample)
    let best = try #require(Self.theory.optimalEncoder(seeing: seen, covariance: Matrix(rows: covariance)))
    func meanGap(_ encoder: Matrix) -> Double {
      let middle = Self.theory.posteriorMean(mean)
      return sample.reduce(0) { sum, x in
        let m = zip(middle, encoder.allRows).map { middle, row in
          zip(seen, row).reduce(middle) { $0 + (x[$1.0] - mean[$1.0]) * $1.1 }
        }
        return sum + Self.theory.amortizationGap(x, mean: m, variance: Self.theory.optimalVariances) / 500
      }
    }
    let gap = try #require(Self.theory.expectedAmortizationGap(seeing: seen, covariance: Matrix(rows: covariance)))
    #expect(abs(meanGap(best) - gap) < 1e-10)
    for (row, place) in [(0, 0), (1, seen.count - 1)] where !seen.isEmpty {
      var other = best
      other[row, place] += 0.1
      #expect(meanGap(other) > gap + 1e-3)
    }
    // The control: the model's covariance is not the sample's.
    let model = try #require(Self.theory.expectedAmortizationGap(seeing: seen))
    if seen.count < 4 { #expect(abs(model - gap) > 1e-4 && abs(model / gap - 1) < 0.3) }
  }
}
