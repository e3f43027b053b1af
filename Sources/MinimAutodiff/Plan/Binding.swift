import CMinimKernels
import MinimKernels

/// The addresses of a replay's memories.
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

/// Calls with resolved pointers, in plain memory: running them touches no reference count. Keep the binding alive as
/// long as its list is used.
package struct CallList: BitwiseCopyable, @unchecked Sendable {
  struct Call: BitwiseCopyable {
    let kernel: minim_kernel
    let argument: UnsafeRawPointer
  }

  /// A pointer inside a call that refers to the caller's result.
  struct Patch: BitwiseCopyable {
    let field: UnsafeMutableRawPointer
    let bytes: Int
  }

  let calls: UnsafeMutableBufferPointer<Call>
  let patches: UnsafeMutableBufferPointer<Patch>
  /// The current target of the patches.
  let result: UnsafeMutablePointer<UnsafeMutableRawPointer?>

  init(_ calls: [Call], _ patches: [Patch]) {
    self.calls = .allocate(capacity: calls.count)
    _ = self.calls.initialize(fromContentsOf: calls)
    self.patches = .allocate(capacity: patches.count)
    _ = self.patches.initialize(fromContentsOf: patches)
    result = .allocate(capacity: 1)
    result.initialize(to: nil)
  }

  func deallocate() {
    calls.deallocate()
    patches.deallocate()
    result.deallocate()
  }

  /// Runs every call, with results written from `result` on.
  package func run(result: UnsafeMutableRawPointer) {
    run(0..<calls.count, result: result)
  }

  /// Runs every call of a list that writes no results of the caller's.
  package func runInPlace() {
    for call in calls { call.kernel(call.argument) }
  }

  /// Runs some of the calls, with results written from `result` on.
  package func run(_ range: Range<Int>, result pointer: UnsafeMutableRawPointer) {
    if result.pointee != pointer {
      result.pointee = pointer
      for patch in patches { patch.field.storeBytes(of: pointer + patch.bytes, as: UnsafeMutableRawPointer.self) }
    }
    for index in range { calls[index].kernel(calls[index].argument) }
  }
}

/// The instructions of a plan made into calls, and the owner of their memory.
final class Binding: @unchecked Sendable {
  let kernels: KernelTable
  let addresses: Addresses
  let context: UnsafePointer<minim_random_context>
  private(set) var list: CallList
  private var owned: [UnsafeMutableRawPointer] = []
  private var calls: [CallList.Call] = []
  private var patches: [CallList.Patch] = []
  /// The first call of each entry, so that a replay can stop after each.
  let starts: [Int]

  init(
    _ entries: [Plan.Entry], kernels: KernelTable, addresses: Addresses,
    context: UnsafePointer<minim_random_context>
  ) {
    self.kernels = kernels
    self.addresses = addresses
    self.context = context
    starts = entries.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.instruction.callCount) }
    list = CallList([], [])
    for entry in entries { bind(entry.instruction) }
    list.deallocate()
    list = CallList(calls, patches)
  }

  deinit {
    for memory in owned { memory.deallocate() }
    list.deallocate()
  }

  // The list is plain pointers: it does not keep the binding alive while it runs.

  /// Runs every call, with results written from `result` on.
  func run(result: UnsafeMutableRawPointer) {
    withExtendedLifetime(self) { list.run(result: result) }
  }

  /// Runs every call of a list that writes no results of the caller's.
  func runInPlace() {
    withExtendedLifetime(self) { list.runInPlace() }
  }

  /// Runs the calls of one entry.
  func run(entry: Int, result: UnsafeMutableRawPointer) {
    withExtendedLifetime(self) { list.run(starts[entry]..<starts[entry + 1], result: result) }
  }

  // MARK: - From instructions to calls

  /// Appends a call with `value` as its argument; returns the argument's address for its pointers.
  func append<T: BitwiseCopyable>(_ kernel: minim_kernel, _ value: T) -> UnsafeMutableRawPointer {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: 1)
    memory.initialize(to: value)
    owned.append(UnsafeMutableRawPointer(memory))
    calls.append(CallList.Call(kernel: kernel, argument: UnsafeRawPointer(memory)))
    return UnsafeMutableRawPointer(memory)
  }

  func set(_ slot: Slot?, at field: UnsafeMutableRawPointer) {
    guard let slot else { return }
    if let pointer = addresses.pointer(slot) {
      field.storeBytes(of: pointer, as: UnsafeMutableRawPointer.self)
    } else {
      patches.append(CallList.Patch(field: field, bytes: slot.offset * addresses.elementSize))
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
