import Foundation
import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct NoisyMixtureTests {
  @Test(
    "the floors of golden mixtures, for each path and distribution of times",
    arguments: ["mixture_1d", "mixture_2d", "mixture_2d_full"])
  func floors(_ name: String) throws {
    let mixture = try GaussianMixture(golden: goldenField["field", name])
    let data = DataSplit.sample(mixture, rows: 20)
    for (key, times, isDiffusion) in [
      ("linear", "uniform", false), ("trigonometric", "uniform", true), ("linear_logit_normal_t", "logitNormal", false),
    ] {
      let model = try FlowMatching.read(
        #"{"hidden": [3], "frequencies": 1, "time": "\#(times)"}"#, data, isDiffusion: isDiffusion)
      let vector = try ParameterVector(model.parameters, precision: .float64)
      vector.initialize(seed: 1)
      let fit = try FieldFit(model, mixture, nodes: 32, trained(vector, data: data))
      let golden = try #require(goldenField["floor", name][key])
      let expected = try #require(golden["floor"]?.number ?? golden.number)
      let unit = isDiffusion ? Double.pi * Double.pi / 4 : 1
      let tolerance = times == "logitNormal" ? 1e-5 : mixture.dimensions == 1 ? 1e-9 : 1e-7
      #expect(abs(fit.floor - unit * expected) < tolerance, "\(name), \(key): \(fit.floor), \(expected)")
    }
  }

  @Test("the error of a golden net is its distance from the field plus the floor") func identity() throws {
    let golden = goldenField["cfm_identity"], net = try GoldenNet()
    let measure = try FieldMeasure(of: net.velocity, .linear, goldenMixture(), untrained())
    let rule = GaussLegendre(40)
    let moments = zip(rule.nodes, rule.weights).map { (measure.moment(at: $0), $1) }
    let fit = moments.reduce(0) { $0 + $1.1 * $1.0.fit },
      loss = moments.reduce(0) { $0 + $1.1 * ($1.0.square + $1.0.own) }
    #expect(try abs(fit - #require(golden["L_FM"]?.number)) < 1e-9, "\(fit)")
    #expect(try abs(loss - #require(golden["L_CFM"]?.number)) < 1e-9, "\(loss)")
    #expect(try abs(loss - fit - #require(golden["difference"]?.number)) < 1e-9)
  }

  @Test("score matching of noise and of p_t: the golden values at three levels") func scoreMatching() throws {
    let golden = goldenField["dsm_esm"], path = ProbabilityPath.angle
    let noisy = try NoisyMixture(path, GaussianMixture(golden: #require(golden["mixture"])), untrained()) { point in
      let score = point.z * -0.8 + sin(point.z * 2) * 0.3
      let exact = gradient(of: point.posterior.logProb.sum(), withRespectTo: [point.z])[0]
      return [
        square(score).sum(axes: [1]), divergence(of: score, point.z), square(score - exact).sum(axes: [1]),
        square(exact).sum(axes: [1]),
      ]
    }
    for level in try #require(golden["levels"]?.array) {
      func number(_ name: String) throws -> Double { try #require(level[name]?.number) }
      let t = try path.time(ofLogSNR: number("log_snr")), sigma = path.factors(t).sigma
      let means = noisy.means(at: t).values
      let implicit: Double = means[0] + 2 * means[1] + 1 / (sigma * sigma)
      #expect(try abs(implicit - number("DSM")) < 1e-8, "\(implicit)")
      #expect(try abs(means[2] - number("ESM")) < 1e-8 && abs(means[3] - number("fisher_information")) < 1e-8)
      #expect(try abs(1 / (sigma * sigma) - means[3] - number("constant")) < 1e-8)
    }
  }

  @Test("the likelihood-weighted loss does not depend on the schedule; other weights do: the golden values")
  func schedules() throws {
    let golden = goldenField["vdm"], path = ProbabilityPath.angle
    let noisy = try NoisyMixture(path, GaussianMixture(golden: #require(golden["mixture"])), untrained()) { point in
      let ratio = square(point.alpha / point.sigma)
      let guess = tanh(point.z / point.alpha * 0.9) * 1.2 * sigmoid(log(ratio)) + 0.1
      // The guess is 0.1 plus a shape, times what the net makes of the level.
      let (rest, shape) = (point.posterior.data - 0.1, tanh(point.z / point.alpha * 0.9) * 1.2)
      return [
        square(point.posterior.data - guess).sum(axes: [1]), divergence(of: point.posterior.data, point.z),
        square(rest).sum(axes: [1]), (rest * shape).sum(axes: [1]), square(shape).sum(axes: [1]),
      ]
    }
    /// - Parameter share: what a net makes of its time instead of the level.
    func errors(_ logSNR: Double, share: Double) -> (data: Double, ofTime: Double, snr: Double) {
      let t = path.time(ofLogSNR: logSNR), f = path.factors(t)
      // The net is steep where the signal is weak.
      let means = noisy.means(at: t, cells: 24).values
      let floor: Double = means[1] * f.sigma * f.sigma / f.alpha
      let ofTime: Double = means[2] - 2 * share * means[3] + share * share * means[4]
      return (means[0] + floor, ofTime + floor, f.alpha * f.alpha / (f.sigma * f.sigma))
    }
    let rule = GaussLegendre(60), ends = try #require(golden["log_snr_ends"]?.numbers)
    // Along log SNR, and along the angle.
    let angles = ends.map { atan(exp(-$0 / 2)) }
    for (name, level) in [
      ("linear_log_snr", { (s: Double) -> (Double, Double) in (ends[0] + (ends[1] - ends[0]) * s, ends[0] - ends[1]) }),
      (
        "angle",
        { (s: Double) -> (Double, Double) in
          let angle: Double = angles[0] + (angles[1] - angles[0]) * s
          return (-2 * Foundation.log(tan(angle)), 2 * (angles[1] - angles[0]) / (sin(angle) * cos(angle)))
        }
      ),
    ] {
      var (loss, plain, ofTime) = (0.0, 0.0, 0.0)
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let (logSNR, rate) = level(node)
        let error = errors(logSNR, share: Elementary.sigmoid(ends[0] + (ends[1] - ends[0]) * node))
        loss += weight * 0.5 * rate * error.snr * error.data
        ofTime += weight * 0.5 * rate * error.snr * error.ofTime
        plain += weight * error.snr * error.data
      }
      let values = try #require(golden["values"]?[name])
      #expect(try abs(loss - #require(values["loss"]?.number)) < 1e-8 * loss, "\(name): \(loss)")
      #expect(try abs(plain - #require(values["unweighted_noise_loss"]?.number)) < 1e-7 * plain, "\(name): \(plain)")
      // A net that is given the time and not the level sees another problem on each schedule.
      #expect(try abs(ofTime - #require(values["net_of_t_instead_of_snr"]?.number)) < 1e-8 * loss, "\(name): \(ofTime)")
    }
  }
}
