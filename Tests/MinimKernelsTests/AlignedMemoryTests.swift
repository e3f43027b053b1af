import MinimKernels
import Testing

@Suite struct AlignedMemoryTests {
  @Test func isAlignedAndZero() throws {
    for count in [0, 1, 63, 1000, 1 << 20] {
      let memory = try AlignedMemory(byteCount: count)
      #expect(UInt(bitPattern: memory.pointer) % 64 == 0)
      #expect(memory.byteCount == count)
      #expect(UnsafeRawBufferPointer(start: memory.pointer, count: count).allSatisfy { $0 == 0 })
    }
  }

  @Test func refusalNamesTheBytes() {
    let error = #expect(throws: KernelError.self) { try AlignedMemory(byteCount: 1 << 60) }
    #expect(error?.description.contains("\(1 << 60) bytes") == true)
  }
}
