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
      #expect(abs(start.alpha) < 1e-15 && abs(start.sigma - 1) < 1e-15)
      guard path != .linear else { continue }
      for t in [0.1, 0.5, 0.999] {
        let f = path.factors(t)
        #expect(abs(f.alpha * f.alpha + f.sigma * f.sigma - 1) < 1e-14)
      }
    }
  }
}
