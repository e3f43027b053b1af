/// The ordered instructions that compute an expression, with every value at a fixed place. Made once for an expression;
/// run through any number of `Replay`s, one a worker.
public final class Plan: Sendable {
  /// A tensor and where in the caller's result it goes, in elements.
  public struct Output: Sendable {
    /// What is computed.
    public let tensor: Tensor
    /// Its first element in the result.
    public let offset: Int

    /// `tensor`, written row-major from `offset` on.
    public init(_ tensor: Tensor, offset: Int) {
      self.tensor = tensor
      self.offset = offset
    }
  }

  /// An instruction, and the node whose value it makes.
  package struct Entry: Sendable {
    package let instruction: Instruction
    package let operations: String
    package let parameterPaths: [String]
    package let result: Slot
    package let count: Int
    /// Whether the value is to be exchanged between the shards of a batch before anything behind it runs.
    package let isBatchMean: Bool
  }

  /// A value that the plan reads and does not compute.
  package struct Leaf: Sendable {
    /// What it is called in a report, with its shape.
    package let label: String
    package let parameterPaths: [String]
    package let slot: Slot
    package let count: Int
  }

  /// What depends on constants only: it runs when the plan is bound.
  package let once: [Entry]
  /// What depends on parameters only: each worker runs it once per step, for itself.
  package let prologue: [Entry]
  /// What runs for each shard.
  package let body: [Entry]
  /// Where each input is written, in elements of the arena.
  package let inputs: [String: (offset: Int, shape: Shape)]
  package let constants: [Double]
  /// Parameters, then inputs, then constants.
  package let leaves: [Leaf]
  package let arenaCount: Int
  package let prologueCount: Int
  /// The elements of the caller's result that the outputs reach to.
  public let outputCount: Int

  /// - Parameters:
  ///   - outputs: what to compute, and where it goes.
  ///   - fuse: whether elementwise chains and epilogues are joined into kernels. Without it every node keeps a kernel of
  ///     its own, so that the first bad value can be found; the results have the same bits.
  public init(_ outputs: [Output], fuse: Bool = true) {
    let builder = PlanBuilder(outputs, fuse: fuse)
    once = builder.once
    prologue = builder.prologue
    body = builder.body
    inputs = builder.inputs
    constants = builder.constants
    leaves = builder.leaves
    arenaCount = builder.arena.count
    prologueCount = builder.prologueMemory.count
    outputCount = outputs.map { $0.offset + $0.tensor.shape.elementCount }.max() ?? 0
  }

  /// Outputs one after the other, each from a multiple of sixteen elements on.
  public convenience init(packing tensors: [Tensor], fuse: Bool = true) {
    var offset = 0
    let outputs = tensors.map { tensor in
      defer { offset += MemoryPlan.aligned(tensor.shape.elementCount) }
      return Output(tensor, offset: offset)
    }
    self.init(outputs, fuse: fuse)
  }

  /// The entries of the body behind which shards exchange what they have made, in their order.
  package var exchanges: [Int] { body.indices.filter { body[$0].isBatchMean } }

  /// The memory that one worker needs to run the plan, in elements.
  public var elementsPerWorker: Int { arenaCount + prologueCount + constants.count }
}
