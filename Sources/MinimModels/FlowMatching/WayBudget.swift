import MinimAutodiff
import MinimKernels
import MinimNN

/// What the ways of a flow cost: the squared distance from their beginning to their end, and how far they are from straight
/// (Liu, Gong and Liu 2023, "Flow Straight and Fast", section 2.2),
///
///     int |v(x(t), t) - (x(1) - x(0))|^2 dt
///
/// which is 0 if one step of Euler's rule is enough.
struct WayBudget {
  /// One number per way each.
  let moved: [Double], bent: [Double]

  /// Follows points of noise, [count, d] row-major, along a field.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  init(
    of velocity: (Tensor, Tensor) -> Tensor, dimensions d: Int, noise: [Double], _ trained: Trained
  ) throws {
    let count = noise.count / d, rule = GaussLegendre(16)
    let flow = try FieldFlow(of: velocity, dimensions: d, steps: 4, divergences: .skipped, trained)
    var states = [noise], time = 0.0
    for next in rule.nodes + [1] {
      states.append(flow.flow(states[states.count - 1], from: time, to: next).points)
      time = next
    }
    let (x, t) = (Tensor.input("x", shape: [16 * count, d]), Tensor.input("t", shape: [16 * count, 1]))
    let velocities = try trained.values(
      of: [velocity(x, t)],
      inputs: [
        "x": states.dropFirst().dropLast().flatMap { $0 },
        "t": rule.nodes.flatMap { [Double](repeating: $0, count: count) },
      ])[0]
    let ends = states[states.count - 1]
    var (moved, bent): ([Double], [Double]) = ([], [])
    for point in 0..<count {
      var (length, defect) = (0.0, 0.0)
      for i in point * d..<(point + 1) * d {
        let way: Double = ends[i] - noise[i]
        length += way * way
        for node in 0..<16 {
          let off: Double = velocities[node * count * d + i] - way
          defect += rule.weights[node] * off * off
        }
      }
      moved.append(length)
      bent.append(defect)
    }
    (self.moved, self.bent) = (moved, bent)
  }
}
