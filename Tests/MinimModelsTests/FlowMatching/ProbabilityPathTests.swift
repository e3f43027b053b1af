import Foundation
import MinimModels
import TestSupport
import Testing

@Suite struct ProbabilityPathTests {
  @Test("rates are the derivatives of the factors", arguments: ProbabilityPath.allCases)
  func rates(_ path: ProbabilityPath) {
    for t in [0.01, 0.3, 0.77, 0.99] {
      let (a, b, here) = (path.factors(t - 1e-6), path.factors(t + 1e-6), path.factors(t))
      let (alphaRate, sigmaRate) = ((b.alpha - a.alpha) / 2e-6, (b.sigma - a.sigma) / 2e-6)
      #expect(abs(alphaRate - here.alphaRate) < 1e-7 * max(1, abs(alphaRate)))
      #expect(abs(sigmaRate - here.sigmaRate) < 1e-7 * max(1, abs(sigmaRate)))
    }
  }

  @Test("noise at 0, data at 1; the diffusion's paths preserve the variance") func ends() {
    for path in ProbabilityPath.allCases {
      let (start, end) = (path.factors(0.0), path.factors(1.0))
      #expect(abs(end.alpha - 1) < 1e-15 && abs(end.sigma) < 1e-15)
      // The diffusion of linear rates leaves exp(-5.025) of the data in its noise.
      let left = path == .betaLinear ? 0.006571586494929613 : 0
      #expect(abs(start.alpha - left) < 1e-12 && abs(start.sigma - (1 - left * left).squareRoot()) < 1e-12)
      guard path != .linear else { continue }
      for t in [0.1, 0.5, 0.999] {
        let f = path.factors(t)
        #expect(abs(f.alpha * f.alpha + f.sigma * f.sigma - 1) < 1e-14)
      }
    }
  }

  @Test("the diffusion of linear rates is the one of its own time, to the last digits at the data") func betaLinear() {
    for t in [0.0, 0.2, 0.9, 0.999, 1 - 1e-6] {
      let s = (1 - t) * (1 - t), y: Double = 19.9 * s * s / 2 + 0.1 * s
      let found = ProbabilityPath.betaLinear.factors(t)
      #expect(abs(found.alpha - exp(-y / 2)) < 1e-15)
      let sigma = (-expm1(-y)).squareRoot()
      #expect(abs(found.sigma - sigma) < 1e-14 * sigma, "\(found.sigma), \(sigma)")
    }
    let end = ProbabilityPath.betaLinear.factors(1.0)
    #expect(abs(end.sigmaRate + 0.1.squareRoot()) < 1e-15 && end.alphaRate == 0)
  }

  @Test(
    "an error of the net is one of velocity, noise and data, as the two equations of a point and its velocity say",
    arguments: ProbabilityPath.allCases)
  func predictions(_ path: ProbabilityPath) {
    for t in [0.1, 0.4, 0.9] {
      let f = path.factors(t), (data, noise) = (0.7, -1.3)
      let x = f.alpha * data + f.sigma * noise
      for predicted in FieldPrediction.allCases {
        // An error of the prediction alone moves the velocity by this.
        let factors = predicted.factors(path, t), error = 0.01
        let velocity = f.alphaRate * data + f.sigmaRate * noise + factors.velocity * error
        let turn = f.alpha * f.sigmaRate - f.alphaRate * f.sigma
        let said = [
          velocity, (f.alpha * velocity - f.alphaRate * x) / turn, (f.sigmaRate * x - f.sigma * velocity) / turn,
        ]
        let truth = [f.alphaRate * data + f.sigmaRate * noise, noise, data]
        let place = predicted == .velocity ? 0 : predicted == .noise ? 1 : 2
        #expect(abs(said[place] - truth[place] - factors.prediction * error) < 1e-14)
        let weight = predicted.weight(path, t)
        let moved: Double = (said[place] - truth[place]) / (said[0] - truth[0])
        #expect(abs(weight - moved * moved) < 1e-9 * weight)
      }
    }
  }
}
