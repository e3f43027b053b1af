import MinimAutodiff
import MinimKernels
import TestSupport
import Testing

@Suite struct RandomTests {
  private func draws(
    _ tensor: Tensor, seed: UInt64 = 1, step: UInt64 = 2, first: Int = 0, _ kernels: KernelTable? = nil
  ) throws -> [Double] {
    try evaluate([tensor], kernels: kernels ?? .current(.float64), random: (seed, step, first))[0]
  }

  @Test("draws are a function of seed, purpose, stream and step; two tensors of one purpose are the same draws")
  func functionOf() throws {
    for make in [Tensor.uniform, Tensor.normal] {
      let x = make([4, 5], .model, 0)
      let base = try draws(x)
      #expect(try draws(make([4, 5], .model, 0)) == base)
      #expect(try draws(x, seed: 2) != base)
      #expect(try draws(x, step: 3) != base)
      #expect(try draws(make([4, 5], .noise, 0)) != base)
      #expect(try draws(make([4, 5], .model, 1)) != base)
      #expect(try evaluate([make([4, 5], .model, 0) - make([4, 5], .model, 0)])[0].allSatisfy { $0 == 0 })
      #expect(Set(base).count == 20)
    }
  }

  @Test("draws that differ and would read the same words are refused; with streams of their own they are independent")
  func correlated() async throws {
    await #expect(processExitsWith: .failure) {
      _ = Plan([
        .init(Tensor.normal(shape: [4, 2], purpose: .model), offset: 0),
        .init(Tensor.normal(shape: [4, 3], purpose: .model), offset: 8),
      ])
    }
    let pair = [Tensor.normal(shape: [4, 2], purpose: .model), .normal(shape: [4, 3], purpose: .model, stream: 1)]
    let values = try evaluate(pair)
    #expect(Set(values[0] + values[1]).count == 20)
  }

  @Test("an example's draws depend on its index in the whole batch, not on its shard")
  func shards() throws {
    for kernels in try everyKernelTable() {
      for make in [Tensor.uniform, Tensor.normal] {
        let whole = try draws(make([9, 3], .model, 0), kernels)
        for first in [0, 2, 5] {
          #expect(
            try draws(make([4, 3], .model, 0), first: first, kernels) == Array(whole[first * 3..<(first + 4) * 3]))
        }
      }
    }
  }

  private func draws(_ tensor: Tensor, _ kernels: KernelTable) throws -> [Double] {
    try draws(tensor, first: 0, kernels)
  }

  @Test("uniforms lie in (0, 1] with the right moments, normals have theirs")
  func moments() throws {
    for kernels in try everyKernelTable() {
      let count = 60_000
      let uniform = try draws(.uniform(shape: [300, 200], purpose: .model), kernels)
      #expect(uniform.allSatisfy { $0 > 0 && $0 <= 1 })
      // Five standard errors of mean (1/12) and of the mean square (4/45).
      let mean = uniform.reduce(0, +) / Double(count)
      #expect(abs(mean - 0.5) < 5 * (1.0 / 12 / Double(count)).squareRoot())
      let square = uniform.reduce(0) { $0 + $1 * $1 } / Double(count)
      #expect(abs(square - 1.0 / 3) < 5 * (4.0 / 45 / Double(count)).squareRoot())
      let normal = try draws(.normal(shape: [300, 200], purpose: .model), kernels)
      #expect(abs(normal.reduce(0, +) / Double(count)) < 5 / Double(count).squareRoot())
      #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / Double(count) - 1) < 5 * (2 / Double(count)).squareRoot())
    }
  }

  @Test("no examples, no draws") func none() throws {
    #expect(try draws(.normal(shape: [0, 3], purpose: .model)) == [])
  }
}
