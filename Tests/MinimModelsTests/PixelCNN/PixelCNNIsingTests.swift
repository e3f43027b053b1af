import Foundation
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct PixelCNNIsingTests {
  private static let ising = Ising(height: 3, width: 3, beta: 0.4)

  private static func data(_ ising: Ising = ising, seed: UInt64 = 1) -> DataSplit {
    DataSplit(
      name: "Ising", training: .draws(ising, RandomKey(seed: seed).folding(.data)), distribution: ising)
  }

  /// A net trained on fresh draws in every step.
  private static func train(_ masks: String, steps: Int) throws -> (PixelCNN, ParameterVector) {
    let net = PixelCNN(
      PixelCNNConfiguration(stack: MaskStack(masks) ?? MaskStack([]), channels: 8, pointwiseLayers: 1), height: 3,
      width: 3)
    let vector = try ParameterVector(net.parameters, precision: .float32)
    vector.initialize(seed: 1)
    let (adam, data) = (Adam(), data())
    let engine = try StepEngine(
      parameters: vector, optimizer: adam, batchSizes: [256], options: .init(shards: 2, clipNorm: nil, seed: 1),
      pool: .init(workers: 1), kernels: .current(.float32)
    ) { net.objective(Batch(count: $0, of: data)) }
    for step in 1...steps {
      let indices = Array((step - 1) * 256..<step * 256)
      _ = try engine.step(step, examples: 256, rate: 0.01) {
        range, input in input.write(indices[range], of: data.training)
      }
    }
    return (net, vector)
  }

  private static let learned = Result { try train("A3,B3", steps: 400) }

  private func learned(_ precision: Precision = .float64, seed: UInt64 = 1) throws -> (PixelCNN, Trained) {
    let (net, vector) = try Self.learned.get()
    return (net, trained(try vector.converted(to: precision), data: Self.data(), seed: seed))
  }

  /// log p(x) of the data and of a net for all 512 images.
  private func logs(_ net: PixelCNN, _ trained: Trained, _ ising: Ising = ising) throws -> [(p: Double, q: Double)] {
    let images = AllImages(height: 3, width: 3).values
    let logs = try net.logProbabilities(images, height: 3, width: 3, trained)
    return logs.enumerated().map { (ising.logProb(images[$0 * 9..<$0 * 9 + 9]), $1) }
  }

  private func metrics(_ evaluation: Evaluation) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: evaluation.metrics.map { ($0.name, $0.value) })
  }

  @Test("the exact metrics are sums over 512 images; the estimate is within its error", arguments: [true, false])
  func exactMetrics(_ isTrained: Bool) throws {
    let (net, known) = try isTrained ? learned() : randomNet("A3,B3", scale: 0.5)
    let it = trained(known.parameters, data: Self.data())
    let logs = try logs(net, it)
    let kl = logs.reduce(0.0) { $0 + exp($1.p) * ($1.p - $1.q) }
    let nll = logs.reduce(0.0) { $0 - exp($1.p) * $1.q }
    let evaluation = try net.evaluate(it, exact: true)
    let metrics = metrics(evaluation)
    let found = try #require(metrics["kl"])
    #expect(abs(found - kl) < 1e-10 && abs((metrics["nll"] ?? 0) - nll) < 1e-10 && kl > 0)
    let entropy = logs.reduce(0.0) { $0 - exp($1.p) * $1.p }
    #expect(abs((metrics["entropy"] ?? 0) - entropy) < 1e-12)
    let (blind, fit) = (try #require(metrics["blindSpotCost"]), try #require(metrics["fitCost"]))
    #expect(abs(blind + fit - found) < 1e-12 && blind > 1e-4 && fit > 0)
    // What 20,000 draws tell, and how well.
    let (estimate, error) = (try #require(metrics["klEstimate"]), try #require(metrics["klStandardError"]))
    #expect(abs(estimate - kl) < 4 * error)
    let variance = logs.reduce(0.0) { $0 + exp($1.p) * ($1.p - $1.q - kl) * ($1.p - $1.q - kl) }
    #expect(abs(error / (variance / 20_000).squareRoot() - 1) < 0.1)
    let claims = evaluation.claims
    #expect(claims.map(\.id) == ["P2x", "P3x"] && claims.allSatisfy { $0.verdict == .holds })
    #expect(claims.allSatisfy { $0.control?.fails == true })
    let mass = logs.reduce(0.0) { $0 + exp($1.q) }
    #expect(abs(claims[0].measured - mass) < 1e-12 && abs(mass - 1) < 1e-12)
    #expect(claims[1].measured == found && abs(claims[1].expected - blind) < 1e-12)
    if isTrained { #expect(kl < 0.05 && fit < 0.04) }
  }

  @Test("without the exact sums the same estimate stands alone; in Float the metrics are those of Double nearly")
  func estimates() throws {
    let (net, double) = try learned()
    let single = try learned(.float32).1
    let exact = metrics(try net.evaluate(double, exact: true))
    let evaluation = try net.evaluate(double, exact: false)
    let estimated = metrics(evaluation)
    #expect(evaluation.claims.isEmpty && estimated["kl"] == nil && estimated["fitCost"] == nil)
    for name in ["klEstimate", "klStandardError", "entropy", "blindSpotCost"] {
      #expect(estimated[name] != nil && estimated[name] == exact[name], "\(name)")
    }
    let fit = (estimated["klEstimate"] ?? 0) - (estimated["blindSpotCost"] ?? 0)
    #expect(abs((estimated["fitCostEstimate"] ?? 9) - fit) < 1e-12)
    let inFloat = metrics(try net.evaluate(single, exact: true))
    for (name, value) in exact { #expect(abs((inFloat[name] ?? 9) - value) < 1e-5, "\(name)") }
    let other = metrics(try net.evaluate(try learned(seed: 2).1, exact: false))
    #expect(other["klEstimate"] != estimated["klEstimate"])
  }

  @Test("every claim of a trained net holds, and every control fails")
  func claims() throws {
    let (net, trained) = try learned(.float32)
    let claims = try net.claims(trained)
    #expect(claims.map(\.id) == ["P1", "P1b", "P2", "P3", "P4", "P6"])
    for claim in claims {
      #expect(claim.verdict == .holds && claim.control?.fails == true, "\(claim.id): \(claim.measured)")
    }
    let floor = claims[3]
    let metrics = metrics(try net.evaluate(trained, exact: false))
    #expect(floor.measured == Self.ising.entropy + (metrics["klEstimate"] ?? 0))
    #expect(abs(floor.expected - Self.ising.entropy - (metrics["blindSpotCost"] ?? 0)) < 1e-12)
    #expect(abs(floor.details.reduce(0) { $0 + $1.value } - floor.measured) < 1e-12)
    #expect((floor.control?.measured ?? .infinity) < floor.expected / 2)
    let correlation = claims[5]
    #expect(abs(correlation.expected - Self.ising.bondCorrelations.reduce(0, +) / 12) < 1e-12)
    #expect(abs(correlation.control?.measured ?? 9) < 0.02)
  }

  @Test("a net that is sure of everything refutes nothing: its NLL varies too much to be told from the control's")
  func saturated() throws {
    let (net, learned) = try learned(.float64)
    let sure = try learned.parameters.converted(to: .float64)
    sure.values = sure.values.map { $0 * 1000 }
    let claims = try net.claims(learned.with(sure))
    #expect(claims.allSatisfy { !$0.provesBug }, "\(claims.filter(\.provesBug).map(\.json.compact))")
    #expect(
      claims[3].id == "P3" && claims[3].verdict == .notApplicable && claims[3].reason?.contains("varies") == true,
      "\(claims[3].json.compact)")
  }

  @Test("P6 is not reached without training, and says nothing where pixels are independent", arguments: [0.4, 0])
  func correlations(_ beta: Double) throws {
    let ising = Ising(height: 3, width: 3, beta: beta)
    let (net, it) = try randomNet("A3,B3", precision: .float32)
    let claim = try #require(try net.claims(trained(it.parameters, data: Self.data(ising))).last)
    #expect(claim.id == "P6" && claim.verdict == (beta == 0 ? .notApplicable : .fails) && !claim.provesBug)
  }

  @Test("a net that leaks falls below the floor, which the claims say")
  func leakingNet() throws {
    let (net, vector) = try Self.train("B3,B3", steps: 200)
    let it = trained(vector, data: Self.data())
    let evaluation = try net.evaluate(it, exact: true)
    #expect((metrics(evaluation)["kl"] ?? 0) < 0 && (metrics(evaluation)["fitCost"] ?? 0) < 0)
    #expect(evaluation.claims.map(\.id) == ["P2x", "P3x"])
    #expect(evaluation.claims.allSatisfy { $0.verdict == .fails && $0.provesBug })
    let claims = try net.claims(it)
    #expect(claims.map(\.id) == ["P1", "P1b", "P2", "P3", "P4", "P5"])
    #expect(claims[3].verdict == .fails && claims[3].measured < claims[3].expected && (claims[3].z ?? 0) < -3.48)
    #expect(claims[4].verdict == .notApplicable)
  }

  @Test("the picture has a point a bond: the exact correlation, and that of samples within its error")
  func picture() throws {
    let (net, it) = try learned(.float32)
    let pictures = try net.pictures(it)
    guard case .plots(let plots, _)? = pictures.first(where: { $0.name == "correlations" })?.content,
      case .dots(let points)? = plots.first?.series.last?.layer
    else {
      Issue.record("no picture with dots")
      return
    }
    #expect(plots[0].isSquare && points.count == 12)
    #expect(points.map { $0.x } == Self.ising.bondCorrelations)
    let images = AllImages(height: 3, width: 3).values
    let logs = try logs(net, it)
    for ((a, b), point) in zip(Self.ising.bonds, points) {
      let exact = logs.enumerated().reduce(0.0) { sum, image in
        sum + exp(image.element.q) * (images[image.offset * 9 + a] == images[image.offset * 9 + b] ? 1 : -1)
      }
      // Bars are two standard errors: five here.
      #expect(abs(point.y - exact) < 2.5 * point.error && point.error < 0.03, "\(a), \(b)")
    }
    #expect(try net.pictures(trained(it.parameters, data: patternData(3, 3))).map(\.name) == ["receptive-field"])
  }
}
