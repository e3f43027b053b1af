/// A list in memory that is allocated once. Its length is in that memory too: a stored variable would be checked for exclusive
/// access in every step.
struct Listed<Element: BitwiseCopyable> {
  private let memory: UnsafeMutablePointer<Element>
  private let length: UnsafeMutablePointer<Int>

  init(capacity: Int) {
    memory = .allocate(capacity: capacity)
    length = .allocate(capacity: 1)
    length.initialize(to: 0)
  }

  func deallocate() {
    memory.deallocate()
    length.deallocate()
  }

  var count: Int { length.pointee }

  func removeAll() { length.pointee = 0 }

  func append(_ element: Element) {
    (memory + length.pointee).initialize(to: element)
    length.pointee += 1
  }

  subscript(_ range: Range<Int>) -> UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: memory + range.lowerBound, count: range.count)
  }

  @inline(__always)
  func forEach(_ body: (Element) -> Void) {
    for index in 0..<length.pointee { body(memory[index]) }
  }
}
