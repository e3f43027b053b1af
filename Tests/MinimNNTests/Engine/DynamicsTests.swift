import MinimAutodiff
import MinimKernels
import MinimNN
import TestSupport
import Testing

/// The orders in which players move, against plain loops over the field.
@Suite struct DynamicsTests {
  private static let all: [Dynamics] = [
    .simultaneous, .alternating(), .alternating(order: ["generator", "critic"]), .alternating(firstSteps: 3),
    .extragradient,
  ]

  private static let optimizers: [any Optimizer] = [
    SGD(), SGD(momentum: -0.4), Optimistic(), Adam(), Averaged(Adam(), decay: 0.9),
  ]

  /// Adam's first and second moments in plain loops, or plain descent.
  private struct Reference {
    let isAdam: Bool
    var m: [Double], v: [Double], times: [Int]

    init(_ count: Int, isAdam: Bool) {
      self.isAdam = isAdam
      (m, v, times) = (
        [Double](repeating: 0, count: count), [Double](repeating: 0, count: count), [Int](repeating: 0, count: count)
      )
    }

    mutating func move(_ p: inout [Double], _ g: [Double], _ places: [Int], rate: Double) {
      for i in places {
        guard isAdam else {
          p[i] -= rate * g[i]
          continue
        }
        times[i] += 1
        m[i] = 0.9 * m[i] + 0.1 * g[i]
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i]
        func corrected(_ x: Double, _ decay: Double) -> Double {
          x / (1 - (0..<times[i]).reduce(1.0) { power, _ in power * decay })
        }
        p[i] -= rate * corrected(m[i], 0.9) / (corrected(v[i], 0.999).squareRoot() + 1e-8)
      }
    }
  }

  private static func reference(_ bench: GameBench, _ dynamics: Dynamics, isAdam: Bool, steps: Int) throws -> [Double] {
    var p = bench.engine.parameters.values
    var rule = Reference(p.count, isAdam: isAdam)
    let (critic, generator) = (bench.places("critic"), bench.places("generator"))
    for _ in 0..<steps {
      switch dynamics {
      case .simultaneous: rule.move(&p, try bench.field(p), critic + generator, rate: 0.05)
      case .extragradient:
        let ahead = zip(p, try bench.field(p)).map { $0 - 0.05 * $1 }
        rule.move(&p, try bench.field(ahead), critic + generator, rate: 0.05)
      case .alternating(let order, let times):
        let players = order.first == "generator" ? [generator, critic] : [critic, generator]
        for _ in 0..<times { rule.move(&p, try bench.field(p), players[0], rate: 0.05) }
        rule.move(&p, try bench.field(p), players[1], rate: 0.05)
      }
    }
    return p
  }

  @Test("each is what plain loops say, with SGD and with Adam", arguments: all, [false, true])
  func plainLoops(_ dynamics: Dynamics, isAdam: Bool) throws {
    let bench = try GameBench(optimizer: isAdam ? Adam() : SGD(), dynamics: dynamics)
    let expected = try Self.reference(bench, dynamics, isAdam: isAdam, steps: 8)
    for step in 1...8 { try bench.step(step) }
    #expect(distance(bench.engine.parameters.values, expected) < 1e-11)
    // The control: no other order leads there.
    for other in Self.all where other != dynamics {
      let bench = try GameBench(dynamics: dynamics)
      #expect(distance(expected, try Self.reference(bench, other, isAdam: isAdam, steps: 8)) > 1e-6)
    }
  }

  @Test("optimism goes on by the change of the field, from a plain first step")
  func optimism() throws {
    let bench = try GameBench(optimizer: Optimistic())
    var p = bench.engine.parameters.values
    var last = try bench.field(p)
    for step in 1...8 {
      let now = try bench.field(p)
      for i in p.indices { p[i] -= 0.05 * (2 * now[i] - last[i]) }
      last = now
      try bench.step(step)
      #expect(distance(bench.engine.parameters.values, p) < 1e-12)
    }
  }

  @Test("consensus adds the gradient of half the squared field, by differences of it")
  func consensus() throws {
    let (plain, bench) = (try GameBench(shards: 1), try GameBench(shards: 1, consensus: 0.7))
    let p = bench.engine.parameters.values
    func energy(_ p: [Double]) throws -> Double { try plain.field(p).reduce(0) { $0 + $1 * $1 } / 2 }
    let field = try plain.field(p)
    try bench.step(1)
    let moved = zip(bench.engine.parameters.values, p).map { ($0 - $1) / -0.05 }
    for i in plain.places("critic").prefix(5) + plain.places("generator") {
      var (up, down) = (p, p)
      up[i] += 1e-5
      down[i] -= 1e-5
      let slope = try (energy(up) - energy(down)) / 2e-5
      #expect(abs(moved[i] - field[i] - 0.7 * slope) < 1e-8 && abs(slope) > 1e-7)
    }
  }

  @Test("the same bits for any number of workers, whatever the dynamics", arguments: all, [1, 3, 5])
  func sameBits(_ dynamics: Dynamics, shards: Int) throws {
    for precision in Precision.allCases {
      for optimizer in Self.optimizers {
        let paths = try [1, 2, 3, 7].map { workers in
          let bench = try GameBench(
            shards: shards, precision: precision, workers: workers, optimizer: optimizer, dynamics: dynamics)
          let results = try (1...6).flatMap { step in
            let it = try bench.step(step)
            return [it.loss, it.gradientNorm]
          }
          return (results + bench.engine.parameters.values + bench.engine.state.flatMap(\.values)).map(\.bitPattern)
        }
        for path in paths { #expect(path == paths[0]) }
      }
    }
  }

  @Test(
    "a step that goes wrong in its middle has changed nothing", arguments: [Dynamics.extragradient, .alternating()])
  func refusedInTheMiddle(_ dynamics: Dynamics) throws {
    for optimizer in Self.optimizers {
      let bench = try GameBench(precision: .float32, optimizer: optimizer, dynamics: dynamics)
      try bench.step(1)
      let before = (bench.engine.parameters.values + bench.engine.state.flatMap(\.values)).map(\.bitPattern)
      // So long a first half that the parameters are not finite after it.
      let error = #expect(throws: NonFiniteStep.self) { try bench.step(2, rate: 1e42) }
      #expect(error?.step == 2)
      #expect((bench.engine.parameters.values + bench.engine.state.flatMap(\.values)).map(\.bitPattern) == before)
      try bench.step(2)
      #expect(bench.engine.nonFiniteValue() == nil)
    }
  }

  @Test("a step allocates nothing", arguments: all)
  func allocatesNothing(_ dynamics: Dynamics) throws {
    let bench = try GameBench(optimizer: Averaged(Adam(), decay: 0.99), dynamics: dynamics)
    try bench.step(1)
    let count = try allocations {
      for step in 2...500 {
        try bench.step(step, rate: 1e-4)
      }
    }
    #expect(count ?? 0 == 0)
  }

  @Test("an order names each player once")
  func orders() {
    let players = ["critic", "generator"]
    #expect(Dynamics.alternating(order: ["generator", "critic"]).problem(players: players) == nil)
    #expect(Dynamics.alternating().problem(players: players) == nil)
    for wrong in [["critic"], ["critic", "critic"], ["critic", "generator", "judge"]] {
      #expect(Dynamics.alternating(order: wrong).problem(players: players) != nil)
    }
  }
}
