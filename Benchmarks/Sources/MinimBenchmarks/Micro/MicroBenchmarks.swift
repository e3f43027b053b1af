import Foundation
import Minim
import MinimAutodiff
import MinimKernels
@_spi(Minim) import MinimNN
import MinimParallel

/// The parts of a step by themselves.
enum MicroBenchmarks {
  /// Products of matrices against the peak and against OpenBLAS: shapes of tiny models, and some larger ones.
  static func products() throws -> [String] {
    let peak = try PeakMeter(threads: 1).measure()
    let own = try KernelTable.current(.float32)
    let shapes = [
      (8, 8, 8), (16, 16, 16), (32, 32, 32), (64, 64, 64), (128, 128, 128), (256, 256, 256), (512, 512, 512),
      (64, 32, 25), (64, 1, 32), (64, 2, 32), (64, 4, 32), (1600, 1, 32), (1600, 16, 144), (1600, 32, 288),
      (32, 32, 1600), (1600, 32, 9), (128, 256, 784), (784, 256, 128),
    ]
    return [
      String(format: "products, one thread; peak %.1f GFLOP/s", peak * 1e-9),
      "  m x n x k           ns   GFLOP/s  of peak  OpenBLAS",
    ]
      + (try shapes.map { m, n, k in
        let operations = Double(2 * m * n * k)
        let times = try [own, own.usingOpenBLAS()].map { kernels in
          let a = Tensor.input("a", shape: [m, k]), b = Tensor.input("b", shape: [k, n])
          let kernel = try PlannedKernel([matmul(a, b)], inputs: ["a": m * k, "b": k * n], kernels: kernels)
          return Bench.seconds(kernel.run).median
        }
        return String(
          format: "  %-14@ %9.0f %9.1f %7.1f%% %9.1f", "\(m)x\(n)x\(k)" as NSString, times[0] * 1e9,
          operations / times[0] * 1e-9, 100 * operations / times[0] / peak, operations / times[1] * 1e-9)
      })
  }

  /// Vector functions over 4,096 elements.
  static func functions() throws -> [String] {
    let count = 4096
    let x = Tensor.input("x", shape: [count])
    let cases: [(String, Tensor)] = [
      ("add", x + x), ("exp", exp(x)), ("log", log(x)), ("tanh", tanh(x)), ("sigmoid", sigmoid(x)),
      ("softplus", softplus(x)), ("sin", sin(x)), ("uniform", .uniform(shape: [64, count / 64], purpose: .model)),
      ("normal", .normal(shape: [64, count / 64], purpose: .model)),
    ]
    return ["functions of 4,096 elements, ns an element"]
      + (try cases.map { name, y in
        let kernel = try PlannedKernel([y], inputs: ["x": count], kernels: .current(.float32))
        return String(format: "  %-10@ %6.3f", name as NSString, Bench.seconds(kernel.run).median / Double(count) * 1e9)
      })
  }

  /// What a replay costs beside the arithmetic: a chain of additions of one element, each an instruction of its own.
  static func replay() throws -> [String] {
    let chain = 64
    let x = Tensor.input("x", shape: [1])
    let y = (0..<chain).reduce(x) { y, _ in y + 1 }
    let kernel = try PlannedKernel([y], inputs: ["x": 1], fuse: false, kernels: .current(.float32))
    let seconds = Bench.seconds(kernel.run).median
    return [
      String(format: "replay: %.1f ns an instruction (one addition of one element each)", seconds / Double(chain) * 1e9)
    ]
  }

  /// What it costs to hand work to the other threads and to wait for them.
  static func forkJoin() -> [String] {
    let pool = WorkerPool()
    return ["fork and join on \(pool.workers) threads"]
      + [2, 8, 16, 64].map { count in
        let samples = Bench.seconds { pool.run(count) { _ in } }
        return String(
          format: "  %2d x nothing: %.2f us [%.2f %.2f]", count, samples.median * 1e6, samples.p10 * 1e6,
          samples.p90 * 1e6)
      }
      + [5.0, 50].map { body in
        let samples = Bench.seconds { pool.run(2) { _ in busyWait(body * 1e-6) } }
        return String(
          format: "  2 x %.0f us: %.2f us, efficiency %.1f %%", body, samples.median * 1e6,
          100 * 2 * body * 1e-6 / samples.median / Double(min(2, pool.workers)))
      }
  }

  private static func busyWait(_ seconds: Double) {
    let end = DispatchTime.now().uptimeNanoseconds + UInt64(seconds * 1e9)
    while DispatchTime.now().uptimeNanoseconds < end {}
  }

  /// One update of ten thousand parameters.
  static func optimizers() throws -> [String] {
    let scope = ParameterScope()
    _ = scope.parameter("p", shape: [10_497], .fanIn(1))
    func vector() throws -> ParameterVector {
      let vector = try ParameterVector(scope.layout, precision: .float32)
      vector.initialize(seed: 1)
      return vector
    }
    let (parameters, gradient, state) = (try vector(), try vector(), try (0..<3).map { _ in try vector() })
    let vectors = OptimizerVectors(
      parameters: parameters.pointer, gradient: gradient.pointer, state: state.map(\.pointer),
      kernels: try .current(.float32))
    let step = OptimizerStep(rate: 1e-9, gradientScale: 1, updates: 100)
    let rules: [(String, any Optimizer)] = [
      ("Adam", Adam()), ("SGD", SGD()), ("momentum", SGD(momentum: 0.9)), ("averaged", Averaged(SGD(), decay: 0.9)),
    ]
    return ["optimizers, 10,497 parameters, one thread"]
      + rules.map { name, optimizer in
        let seconds = Bench.seconds { optimizer.update(0..<parameters.layout.count, vectors, step) }.median
        return withExtendedLifetime((parameters, gradient, state)) {
          String(format: "  %-10@ %6.2f us", name as NSString, seconds * 1e6)
        }
      }
  }
}
