import CMinimKernels
import MinimSystem

/// Raw memory on a 64-byte boundary, zeroed, freed with its owner: arenas, parameter vectors, gradient slots.
package final class AlignedMemory: @unchecked Sendable {  // who writes where is the owner's affair
  /// The first byte; 64-byte aligned, also when `byteCount` is 0.
  package let pointer: UnsafeMutableRawPointer
  /// Bytes that may be used.
  package let byteCount: Int

  /// `byteCount` zero bytes.
  /// - Throws: `KernelError` with the number of bytes when they cannot be had.
  package init(byteCount: Int) throws(KernelError) {
    precondition(byteCount >= 0, "a negative size is a bug of the caller")
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, 64, max(byteCount, 1)) == 0, let memory else {
      throw KernelError("cannot allocate \(byteCount) bytes: memory is exhausted. Use a smaller batch or model.")
    }
    memset(memory, 0, byteCount)
    pointer = memory
    self.byteCount = byteCount
  }

  deinit { free(pointer) }
}

/// The number of elements up to the next cache line, in Float and in Double: where the next array begins.
package func padded(_ elements: Int) -> Int { Int(minim_padded(Int64(elements))) }
