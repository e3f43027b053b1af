import MinimAutodiff
import MinimKernels

/// Directional derivatives of an expression, by the engine and by differences of its values.
package struct GradientCheck {
  /// The relative error of the first derivative along a random direction.
  package let first: Double
  /// The relative error of the derivative of that derivative along another direction.
  package let second: Double

  /// - Parameters:
  ///   - shapes: the shapes of the arguments of `f`.
  ///   - values: the values at which to differentiate; must keep `f` smooth within `step` of them.
  ///   - f: any expression; it is reduced to a scalar with random weights.
  package init(
    _ shapes: [Shape], values: [[Double]], step: Double = 1e-3, kernels: KernelTable? = nil,
    _ f: ([Tensor]) -> Tensor
  ) throws {
    var generator = SplitMix(seed: 42)
    func inputs(_ name: String) -> [Tensor] { shapes.enumerated().map { .input("\(name)\($0)", shape: $1) } }
    func random() -> [[Double]] { shapes.map { shape in (0..<shape.elementCount).map { _ in generator.symmetric() } } }
    let (xs, vs, ws) = (inputs("x"), inputs("v"), inputs("w"))
    let y = f(xs)
    let weights = Tensor.constant((0..<y.shape.elementCount).map { _ in generator.symmetric() }, shape: y.shape)
    let scalar = (y * weights).sum()
    let along = Self.dot(gradient(of: scalar, withRespectTo: xs), vs)
    let alongTwice = Self.dot(gradient(of: along, withRespectTo: xs), ws)
    let (v, w) = (random(), random())

    func evaluated(_ tensor: Tensor, _ direction: [[Double]], _ t: Double) throws -> Double {
      var given: [String: [Double]] = [:]
      for index in shapes.indices {
        given["x\(index)"] = zip(values[index], direction[index]).map { $0 + t * $1 }
        given["v\(index)"] = v[index]
        given["w\(index)"] = w[index]
      }
      return try evaluate([tensor], inputs: given, kernels: kernels ?? .current(.float64))[0][0]
    }
    /// Five-point central difference: error of order step^4.
    func difference(_ tensor: Tensor, _ direction: [[Double]]) throws -> Double {
      let f = try [-2.0, -1, 1, 2].map { try evaluated(tensor, direction, $0 * step) }
      return (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * step)
    }
    first = Self.error(try evaluated(along, v, 0), try difference(scalar, v))
    second = Self.error(try evaluated(alongTwice, v, 0), try difference(along, w))
  }

  private static func dot(_ a: [Tensor], _ b: [Tensor]) -> Tensor {
    zip(a, b).map { ($0 * $1).sum() }.reduce(.constant(0), +)
  }

  private static func error(_ exact: Double, _ approximate: Double) -> Double {
    Swift.abs(exact - approximate) / Swift.max(1, Swift.abs(exact))
  }
}
