import CMinimKernels
import MinimKernels

/// The values of a plan that depend on constants and parameters only: the constants, what is computed from them once,
/// and the prologue, which is computed once per step. In a step of training each worker has its own; an evaluation,
/// whose parameters do not change, has one for all threads.
public final class ParameterValues: @unchecked Sendable {
  let plan: Plan
  let kernels: KernelTable
  let parameters: UnsafeRawPointer
  let constants: AlignedMemory
  let prologue: AlignedMemory
  private let binding: Binding
  private let context: UnsafeMutablePointer<minim_random_context>

  /// - Parameters:
  ///   - plan: the plan to bind.
  ///   - kernels: the kernels to compute with.
  ///   - parameters: the parameter vector, in the element type of `kernels`; it must outlive this object.
  /// - Throws: `KernelError` if there is not enough memory.
  public init(_ plan: Plan, kernels: KernelTable, parameters: UnsafeRawPointer) throws {
    let size = kernels.precision.elementSize
    self.plan = plan
    self.kernels = kernels
    self.parameters = parameters
    constants = try AlignedMemory(byteCount: plan.constants.count * size)
    prologue = try AlignedMemory(byteCount: plan.prologueCount * size)
    kernels.precision.store(plan.constants, to: constants.pointer)
    context = .allocate(capacity: 1)
    context.initialize(to: minim_random_context())
    // The prologue has no inputs, so it needs no arena: its own memory stands in.
    let addresses = Addresses(
      arena: prologue.pointer, prologue: prologue.pointer, parameters: parameters, constants: constants.pointer,
      elementSize: size)
    binding = Binding(plan.prologue, kernels: kernels, addresses: addresses, context: UnsafePointer(context))
    Binding(plan.once, kernels: kernels, addresses: addresses, context: UnsafePointer(context)).runInPlace()
  }

  deinit { context.deallocate() }

  /// Computes what depends on parameters only. Call it once per step, before the replays.
  public func update() { binding.runInPlace() }

  /// The calls as plain pointers, valid as long as this object is.
  package var calls: CallList { binding.list }
}

/// A plan bound to one worker's arena. Running it allocates nothing and touches no reference count. One thread at a time.
public final class Replay: @unchecked Sendable {
  /// The plan that it runs.
  public let plan: Plan
  let shared: ParameterValues
  let arena: AlignedMemory
  let binding: Binding
  private let context: UnsafeMutablePointer<minim_random_context>
  private let size: Int

  /// - Throws: `KernelError` if there is not enough memory.
  public init(_ shared: ParameterValues) throws {
    plan = shared.plan
    self.shared = shared
    size = shared.kernels.precision.elementSize
    arena = try AlignedMemory(byteCount: plan.arenaCount * size)
    context = .allocate(capacity: 1)
    context.initialize(to: minim_random_context())
    binding = Binding(
      plan.body, kernels: shared.kernels,
      addresses: Addresses(
        arena: arena.pointer, prologue: shared.prologue.pointer, parameters: shared.parameters,
        constants: shared.constants.pointer, elementSize: size),
      context: UnsafePointer(context))
  }

  deinit { context.deallocate() }

  /// The address to write an input to, row-major, in the plan's element type; nil if the plan has no such input (it may
  /// not depend on it).
  public func input(_ name: String) -> UnsafeMutableRawPointer? {
    plan.inputs[name].map { arena.pointer + $0.offset * size }
  }

  /// Sets what random tensors depend on, besides their purpose.
  public func setRandom(seed: UInt64, step: UInt64, firstExample: Int) {
    context.pointee = minim_random_context(seed: seed, step: step, first_example: UInt64(firstExample))
  }

  /// Runs the body. Outputs are written from `result` on, at their offsets.
  public func run(result: UnsafeMutableRawPointer) { binding.run(result: result) }

  /// The calls as plain pointers, valid as long as this object is.
  package var calls: CallList { binding.list }

  /// The calls up to and including each exchange of the plan, and those after the last one.
  package var phases: [Range<Int>] {
    let ends = plan.exchanges.map { binding.starts[$0 + 1] } + [binding.starts[plan.body.count]]
    return zip([0] + ends, ends).map { $0..<$1 }
  }

  /// The place where each exchange of the plan finds this shard's value and leaves the batch's.
  package var exchanged: [(place: UnsafeMutableRawPointer, count: Int)] {
    plan.exchanges.map { (arena.pointer + plan.body[$0].result.offset * size, plan.body[$0].count) }
  }

  /// The seed, step and first example that random tensors depend on, at the address that the kernels read.
  package var randomContext: UnsafeMutablePointer<minim_random_context> { context }
}
