import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct PixelCNNClaimsTests {
  /// A net that has learned bars and stripes of 3x3, to half a nat or so.
  private static let learned = Result {
    let net = PixelCNN(
      PixelCNNConfiguration(
        stack: MaskStack([Mask(.a, 5), Mask(.b, 3)], .residual), channels: 12, pointwiseLayers: 1), height: 3,
      width: 3)
    return (net, try train(net, on: patternData(3, 3), steps: 300).parameters)
  }

  private func learned(seed: UInt64 = 1, workers: Int = 1) throws -> (PixelCNN, Trained) {
    let (net, vector) = try Self.learned.get()
    return (net, trained(vector, data: patternData(3, 3), seed: seed, workers: workers))
  }

  @Test("every claim of a trained net holds, and every control fails")
  func allHold() throws {
    let (net, trained) = try learned()
    let claims = try net.claims(trained)
    #expect(claims.map(\.id) == ["P1", "P1b", "P2", "P3", "P4", "P5", "P5b"])
    for claim in claims {
      #expect(claim.verdict == .holds, "\(claim.id): measured \(claim.measured), expected \(claim.expected)")
      #expect(claim.control?.fails == true, "\(claim.id)")
    }
    let exact = try net.evaluate(trained, exact: true)
    #expect(exact.claims.map(\.verdict) == [.holds])
    #expect(exact.metrics.map(\.name) == ["nll", "entropy", "blindSpotCost", "fitCost"])
    #expect(exact.metrics.dropFirst().reduce(0) { $0 + $1.value } - exact.metrics[0].value < 1e-12)
  }

  @Test("a stack that leaks fails the mass, and falls below the floor when trained")
  func leakingNet() throws {
    let (net, it) = try randomNet("B3,B3", scale: 1.5)
    let mass = try net.massClaim(it)
    #expect(mass.verdict == .fails && mass.provesBug)
    let leaky = PixelCNN(
      PixelCNNConfiguration(stack: MaskStack([Mask(.b, 3), Mask(.b, 3)]), channels: 8, pointwiseLayers: 0), height: 3,
      width: 3)
    let data = patterns(3, 3).dataset()
    let vector = try train(leaky, on: patternData(3, 3), steps: 300).parameters
    let known = trained(vector, data: patternData(3, 3))
    let floor = try leaky.floorClaim(known, on: data, nll: try leaky.nll(of: data, known))
    // What it sees of the pixel itself does not count for the floor, which it therefore falls below.
    let honest = MaskStack([Mask(.a, 3), Mask(.b, 3)]).receptiveFields(height: 3, width: 3)
    #expect(abs(floor.expected - receptiveFieldFloor(honest, data)) < 1e-12)
    #expect(floor.measured < data.entropy ?? 0)
    #expect(floor.verdict == .fails && floor.provesBug)
  }

  @Test("a net that is certain of every pixel, or blind, is a distribution with any mask: P2 and P4 say nothing of it")
  func certainNet() throws {
    let (net, it) = try randomNet("A3,B3")
    for (factor, bias, ids) in [(0.0, 0.0, ["P2", "P2x"]), (0.1, 60, ["P2", "P2x", "P4"])] {
      let vector = it.parameters
      vector.values = vector.values.map { $0 * factor }
      vector[net.parameters.entries[net.parameters.entries.count - 1]] = [bias]
      let certain = it.with(vector)
      let claims = try net.claims(certain) + net.evaluate(certain, exact: true).claims
      for id in ids {
        let claim = try #require(claims.first { $0.id == id })
        #expect(claim.verdict == .notApplicable && claim.holds && claim.control?.fails == false, "\(id), \(factor)")
      }
      #expect(claims.allSatisfy { !$0.provesBug })
    }
  }

  @Test(
    "P1: every stack of the probe sees what its masks say",
    arguments: ["A3,A3", "A3,B3", "B3,A3", "A3,B3,B3", "A7,B3", "B3,B3"])
  func receptiveFields(_ masks: String) throws {
    for residual in [false, true] {
      let stack = try #require(MaskStack(masks, residual ? .residual : .plain))
      let expected = stack.receptiveFields(height: 5, width: 5)
      let probe = try ReceptiveFieldProbe(stack, height: 5, width: 5)
      #expect(probe.byGradient == expected)
      #expect(probe.byPerturbation == expected)
      let other = try #require(MaskStack("A3,B1")).receptiveFields(height: 5, width: 5)
      #expect(probe.mismatches(other) > 0)
    }
  }

  @Test("P2: the masses of random nets are 1 in Double and near 1 in Float; a leak's is not", arguments: 1...4)
  func mass(_ seed: Int) throws {
    let (net, it) = try randomNet("A3,B3", seed % 2 == 0 ? .residual : .plain, seed: UInt64(seed))
    for side in [1, 2, 3] { #expect(abs(try net.totalMass(height: side, width: side, it) - 1) < 1e-12) }
    let single = it.with(try it.parameters.converted(to: .float32))
    let inFloat = try net.totalMass(height: 3, width: 3, single)
    #expect(abs(inFloat - 1) < 1e-4 && inFloat != 1)
    let (other, vector) = try net.withMasks(net.configuration.stack.withOtherFirstMask, it.parameters)
    #expect(abs(try other.totalMass(height: 3, width: 3, it.with(vector)) - 1) > 1e-6)
  }

  @Test("P3: a net below the floor of its receptive fields fails the claim")
  func floor() throws {
    let (net, trained) = try learned()
    let data = patterns(3, 3).dataset()
    let nll = try net.nll(of: data, trained)
    let claim = try net.floorClaim(trained, on: data, nll: nll)
    #expect(claim.verdict == .holds && claim.measured == nll)
    let details = Dictionary(uniqueKeysWithValues: claim.details.map { ($0.name, $0.value) })
    let sum = (details["entropy"] ?? 0) + (details["blindSpotCost"] ?? 0) + (details["fitCost"] ?? 0)
    #expect(abs(sum - nll) < 1e-12)
    let below = try net.floorClaim(trained, on: data, nll: claim.expected - 1e-6)
    #expect(below.verdict == .fails && below.provesBug)
  }

  @Test("P4: the right sampler passes on every seed, with p-values spread over (0, 1); the broken one is refused")
  func sampler() throws {
    var pValues: [Double] = []
    for seed in 1...6 as ClosedRange<UInt64> {
      let (net, trained) = try learned(seed: seed)
      let claim = try net.samplerClaim(trained)
      #expect(claim.verdict == .holds, "seed \(seed): p = \(claim.measured)")
      #expect((claim.control?.measured ?? 1) < 1e-10)
      pValues.append(claim.measured)
    }
    #expect(pValues.contains { $0 < 0.8 } && pValues.contains { $0 > 0.05 })
    #expect(Set(pValues).count == 6)
  }

  @Test("a sample is a function of the seed and its index alone: not of how many are drawn, nor of the workers")
  func samplesByIndex() throws {
    let (net, one) = try learned(seed: 3)
    let many = try net.sample(700, height: 3, width: 3, purpose: .sampling, from: one)
    #expect(many.count == 6300 && many.allSatisfy { $0 == 0 || $0 == 1 })
    for count in [1, 7, 256, 257] {
      #expect(try net.sample(count, height: 3, width: 3, purpose: .sampling, from: one) == Array(many[..<(count * 9)]))
    }
    for workers in [2, 3, 7] {
      let (_, team) = try learned(seed: 3, workers: workers)
      #expect(try net.sample(700, height: 3, width: 3, purpose: .sampling, from: team) == many)
    }
    let (_, other) = try learned(seed: 4)
    #expect(try net.sample(700, height: 3, width: 3, purpose: .sampling, from: other) != many)
    #expect(try net.sample(700, height: 3, width: 3, purpose: .evaluation, from: one) != many)
    #expect(try net.sample(0, height: 3, width: 3, purpose: .sampling, from: one) == [])
  }

  @Test("P5: the share of valid samples, the exact mass behind it and Jensen's bound")
  func validity() throws {
    let (net, trained) = try learned()
    let nll = try net.nll(of: patterns(3, 3).dataset(), trained)
    let claims = try net.validityClaims(trained, patterns: patterns(3, 3), nll: nll)
    let data = patterns(3, 3).dataset()
    let logs = try net.logProbabilities(
      data.values, height: 3, width: 3, trained.with(try trained.parameters.converted(to: .float64)))
    let mass = logs.reduce(0) { $0 + Elementary.exp($1) }
    #expect(claims[0].expected == mass && claims[1].measured == mass)
    #expect(mass < 1 && mass >= claims[1].expected)
    let bound = Elementary.exp(Elementary.log(14) - nll)
    #expect(abs(claims[1].expected - bound) < 1e-12)
    #expect(abs(claims[0].z ?? 9) <= 3.48)
    // An untrained net is no better than coins, so that no control of its bound could fail.
    let (fresh, random) = try randomNet("A3,B3", precision: .float32)
    let untrained = try fresh.validityClaims(
      random, patterns: patterns(3, 3), nll: try fresh.nll(of: patterns(3, 3).dataset(), random))
    #expect(untrained[0].expected < mass)
    #expect(untrained[1].verdict == .notApplicable && untrained[1].reason?.contains("not yet better") == true)
  }
}
