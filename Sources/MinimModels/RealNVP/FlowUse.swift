import MinimAutodiff
import MinimData
import MinimNN
import Synchronization

/// The use of a flow and its data by an objective: the calls of each, per example of a step. Counted while the
/// objective is built, and read from its dependences.
package struct FlowUse: Sendable {
  /// The calls per example of F, of F^-1, and of the target's density.
  package let forward: Int, inverse: Int, density: Int
  /// Whether the objective depends on examples, and on a log-det.
  package let needsSamples: Bool, needsLogDet: Bool

  /// Builds the objective of a model once more, from parts that count their calls.
  package init(_ model: RealNVP) {
    let calls = Calls()
    let counted = RealNVP(
      model, flow: { CountedBijector(base: $0, calls: calls) }, target: { CountedDensity(base: $0, calls: calls) })
    let batch = Batch(count: 1, exampleShape: model.exampleShape)
    let value = counted.objective(batch).value
    let seen = calls.seen
    (forward, inverse, density) = (seen.forward, seen.inverse, seen.density)
    needsSamples = Self.depends(value, on: [batch.examples])
    needsLogDet = Self.depends(value, on: seen.logDets)
  }

  /// The row of a table for a minimized KL.
  func metrics(_ prefix: String) -> [Evaluation.Metric] {
    let rows: [(String, Int, String)] = [
      ("Samples", needsSamples ? 1 : 0, "samples of the data"), ("Density", density, "densities of the data"),
      ("Forward", forward, "F"), ("Inverse", inverse, "F^-1"), ("LogDet", needsLogDet ? 1 : 0, "log-dets"),
    ]
    return rows.map { .init("\(prefix)\($0.0)", Double($0.1), "calls of \($0.2) per example and step") }
  }

  private static func depends(_ value: Tensor, on leaves: [Tensor]) -> Bool {
    let goals = Set(leaves.map(ObjectIdentifier.init))
    var seen: Set<ObjectIdentifier> = [], open = [value]
    while let node = open.popLast() {
      if goals.contains(ObjectIdentifier(node)) { return true }
      if seen.insert(ObjectIdentifier(node)).inserted { open += node.inputs }
    }
    return false
  }
}

/// The counted calls.
private final class Calls: Sendable {
  struct Seen {
    var forward = 0, inverse = 0, density = 0
    var logDets: [Tensor] = []
  }

  private let state = Mutex(Seen())

  var seen: Seen { state.withLock { $0 } }

  func record(_ change: (inout Seen) -> Void) { state.withLock { change(&$0) } }
}

private struct CountedBijector: Bijector {
  let base: any Bijector
  let calls: Calls

  func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
    let (y, logDet) = base.forwardAndLogDet(x)
    calls.record {
      $0.forward += 1
      $0.logDets.append(logDet)
    }
    return (y, logDet)
  }

  func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) {
    let (x, logDet) = base.inverseAndLogDet(y)
    calls.record {
      $0.inverse += 1
      $0.logDets.append(logDet)
    }
    return (x, logDet)
  }
}

private struct CountedDensity: DifferentiableDensity {
  let base: any DifferentiableDensity
  let calls: Calls

  var name: String { base.name }
  var dimensions: Int { base.dimensions }
  var bounds: [ClosedRange<Double>] { base.bounds }
  var cells: [Int] { base.cells }
  func logProb(_ x: [Double]) -> Double { base.logProb(x) }

  func logProb(_ x: Tensor) -> Tensor {
    calls.record { $0.density += 1 }
    return base.logProb(x)
  }
}
