/// The ordered instructions that compute an expression, with every value at a fixed place. Made once for an expression;
/// run through any number of `Replay`s, one per worker.
public final class Plan: Sendable {
  /// A tensor and its place in the caller's result, in elements.
  public struct Output: Sendable {
    /// The tensor to compute.
    public let tensor: Tensor
    /// The place of its first element in the result.
    public let offset: Int

    /// Creates an output: `tensor`, written row-major from `offset` on.
    public init(_ tensor: Tensor, offset: Int) {
      self.tensor = tensor
      self.offset = offset
    }
  }

  /// An instruction and the node whose value it computes.
  package struct Entry: Sendable {
    package let instruction: Instruction
    package let operations: String
    package let parameterPaths: [String]
    package let result: Slot
    package let shape: Shape
    package let layout: Layout
    /// What it reads; empty unless the plan is one without fusion, which is made to find a bad value.
    package let inputs: [Leaf]
    /// The line of source that asks for it, if origins were recorded.
    package let origin: TensorOrigin?
    /// Whether the shards of a batch exchange the value before anything after it runs.
    package let isBatchMean: Bool

    package var count: Int { shape.elementCount }
  }

  /// A value that is read: by the plan, which does not compute it, or by an instruction.
  package struct Leaf: Sendable {
    /// The name in a report, with its shape.
    package let label: String
    package let parameterPaths: [String]
    package let slot: Slot
    package let shape: Shape

    package var count: Int { shape.elementCount }
  }

  /// Entries that depend on constants only; they run when the plan is bound.
  package let once: [Entry]
  /// Entries that depend on parameters only; each worker runs them once per step.
  package let prologue: [Entry]
  /// Entries that run for each shard.
  package let body: [Entry]
  /// The place of each input, in elements of the arena.
  package let inputs: [String: (offset: Int, shape: Shape)]
  package let constants: [Double]
  /// Parameters, then inputs, then constants.
  package let leaves: [Leaf]
  package let arenaCount: Int
  package let prologueCount: Int
  /// The extent of the outputs in the caller's result, in elements.
  public let outputCount: Int

  /// - Parameters:
  ///   - outputs: what to compute, and where to write it.
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

  /// Creates a plan whose outputs follow each other, each starting at a multiple of sixteen elements.
  public convenience init(packing tensors: [Tensor], fuse: Bool = true) {
    var offset = 0
    let outputs = tensors.map { tensor in
      defer { offset += MemoryPlan.aligned(tensor.shape.elementCount) }
      return Output(tensor, offset: offset)
    }
    self.init(outputs, fuse: fuse)
  }

  /// The entries of the body after which shards exchange their values, in order.
  package var exchanges: [Int] { body.indices.filter { body[$0].isBatchMean } }

  /// The memory that one worker needs to run the plan, in elements.
  public var elementsPerWorker: Int { arenaCount + prologueCount + constants.count }
}
