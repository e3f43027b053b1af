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

@Suite struct DenoisingErrorsTests {
  @Test("errors of the best denoiser give the density: the golden values") func information() throws {
    let golden = goldenField["i_mmse"], denoising = DenoisingErrors(try goldenMixture()), trained = try untrained()
    let points = try #require(golden["points"]?.array)
    let places = try points.map { [try #require($0["x"]?.number)] }
    let logSNRs = (0...560).map { -28 + 0.1 * Double($0) }
    let errors = try denoising.errors(places, logSNRs, side: 256, trained)
    for (point, found) in zip(points, denoising.negativeLogProbs(errors, logSNRs)) {
      #expect(try abs(found - #require(point["minus_log_p"]?.number)) < 1e-7, "\(found)")
    }
    for (point, place) in zip(points, places) {
      for (snr, expected) in try #require(point["mmse_at_snr"]).members {
        let found = try denoising.errors([place], [Foundation.log(#require(Double(snr)))], side: 256, trained)[0]
        #expect(abs(found - expected.number!) < 1e-8, "SNR \(snr): \(found)")
      }
    }
  }

  @Test("the cost of a chain of denoising steps falls to its limit as the golden one") func chain() throws {
    let golden = goldenField["elbo"]
    let chain = try DiffusionChain(.angle, goldenMixture(), steps: 256, untrained())
    for (key, ofCleanerEnds) in [("minus_ELBO_T", false), ("mmse_of_the_step_before_WRONG", true)] {
      for (steps, expected) in try #require(golden[key]).members {
        guard let count = Int(steps), count <= 256, let value = expected.number else { continue }
        let found = chain.cost(count, ofCleanerEnds: ofCleanerEnds)
        #expect(abs(found - value) < 1e-8 * max(1, abs(value)), "\(steps) steps: \(found)")
      }
    }
  }
}
