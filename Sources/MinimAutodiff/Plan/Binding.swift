import CMinimKernels
import MinimKernels

/// Where the memories of a replay are.
struct Addresses {
  let arena: UnsafeMutableRawPointer
  let prologue: UnsafeMutableRawPointer
  let parameters: UnsafeRawPointer
  let constants: UnsafeRawPointer
  let elementSize: Int

  /// The address of a slot, or nil for one in the caller's result, which is set before each run.
  func pointer(_ slot: Slot) -> UnsafeMutableRawPointer? {
    let bytes = slot.offset * elementSize
    switch slot.space {
    case .arena: return arena + bytes
    case .prologue: return prologue + bytes
    case .parameters: return UnsafeMutableRawPointer(mutating: parameters + bytes)
    case .constants: return UnsafeMutableRawPointer(mutating: constants + bytes)
    case .output: return nil
    }
  }
}

/// The instructions of a plan as the kernels take them: calls whose pointers are resolved, in plain memory. Running them
/// touches no reference count.
final class Binding: @unchecked Sendable {
  private struct Call {
    let kernel: minim_kernel
    let argument: UnsafeRawPointer
  }

  /// A pointer inside a call that refers to the caller's result.
  private struct Patch {
    let field: UnsafeMutableRawPointer
    let bytes: Int
  }

  let kernels: KernelTable
  let addresses: Addresses
  let context: UnsafePointer<minim_random_context>
  private var owned: [UnsafeMutableRawPointer] = []
  private var calls: [Call] = []
  private var patches: [Patch] = []
  private let callMemory: UnsafeMutablePointer<Call>
  private let callCount: Int
  private var result: UnsafeMutableRawPointer?
  /// The first call of each entry, so that a replay can stop after each.
  private(set) var starts: [Int] = []

  init(
    _ entries: [Plan.Entry], kernels: KernelTable, addresses: Addresses,
    context: UnsafePointer<minim_random_context>
  ) {
    self.kernels = kernels
    self.addresses = addresses
    self.context = context
    callMemory = .allocate(capacity: max(1, entries.reduce(0) { $0 + $1.instruction.callCount }))
    callCount = entries.reduce(0) { $0 + $1.instruction.callCount }
    for entry in entries {
      starts.append(calls.count)
      bind(entry.instruction)
    }
    starts.append(calls.count)
    callMemory.initialize(from: calls, count: calls.count)
  }

  deinit {
    for memory in owned { memory.deallocate() }
    callMemory.deallocate()
  }

  /// Runs every call, with results written from `result` on.
  func run(result: UnsafeMutableRawPointer) {
    setResult(result)
    for index in 0..<callCount { callMemory[index].kernel(callMemory[index].argument) }
  }

  /// Runs the calls of one entry.
  func run(entry: Int, result: UnsafeMutableRawPointer) {
    setResult(result)
    for index in starts[entry]..<starts[entry + 1] { callMemory[index].kernel(callMemory[index].argument) }
  }

  private func setResult(_ pointer: UnsafeMutableRawPointer) {
    guard pointer != result else { return }
    result = pointer
    for patch in patches { patch.field.storeBytes(of: pointer + patch.bytes, as: UnsafeMutableRawPointer.self) }
  }

  // MARK: - From instructions to calls

  /// Appends a call with `value` as its argument; returns the argument's address for its pointers.
  func append<T: BitwiseCopyable>(_ kernel: minim_kernel, _ value: T) -> UnsafeMutableRawPointer {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: 1)
    memory.initialize(to: value)
    owned.append(UnsafeMutableRawPointer(memory))
    calls.append(Call(kernel: kernel, argument: UnsafeRawPointer(memory)))
    return UnsafeMutableRawPointer(memory)
  }

  func set(_ slot: Slot?, at field: UnsafeMutableRawPointer) {
    guard let slot else { return }
    if let pointer = addresses.pointer(slot) {
      field.storeBytes(of: pointer, as: UnsafeMutableRawPointer.self)
    } else {
      patches.append(Patch(field: field, bytes: slot.offset * addresses.elementSize))
    }
  }

  func set<T>(_ slot: Slot?, _ memory: UnsafeMutableRawPointer, _ path: PartialKeyPath<T>) {
    // Fields of C structs are stored, so each has an offset.
    set(slot, at: memory + (MemoryLayout<T>.offset(of: path) ?? 0))
  }

  func array<T: BitwiseCopyable>(_ values: [T]) -> UnsafePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: max(1, values.count))
    memory.initialize(from: values, count: values.count)
    owned.append(UnsafeMutableRawPointer(memory))
    return UnsafePointer(memory)
  }
}

extension Instruction {
  fileprivate var callCount: Int {
    if case .sequence(let instructions) = self { return instructions.reduce(0) { $0 + $1.callCount } }
    return 1
  }
}
