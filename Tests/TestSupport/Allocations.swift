import CTestSupport

/// The allocations that the calling thread makes in `body`; nil where a sanitizer has replaced malloc.
package func allocations(in body: () throws -> Void) rethrows -> Int? {
  let before = allocation_count_of_thread()
  try body()
  let after = allocation_count_of_thread()
  return before < 0 ? nil : Int(after - before)
}
