import Synchronization

/// A fault that a test injects into a system call.
package enum FileFault: Equatable, Sendable {
  /// The call does nothing and reports this error number.
  case error(Int32)
  /// A write takes only half of its bytes (at least one); other calls are not affected.
  case shortWrite
}

/// Counts the system calls of a ``FileStore`` and decides which of them fail.
package final class FileFaults: Sendable {
  /// A call and the file or folder that it is about.
  package struct Call: Sendable {
    package let operation: FileOperation, path: String
  }

  private let calls = Mutex<[Call]>([])
  private let plan: @Sendable (_ call: Int, _ operation: FileOperation) -> FileFault?

  /// - Parameter plan: the fault of call number `call` (from 0), or nil to let it pass.
  package init(_ plan: @escaping @Sendable (_ call: Int, _ operation: FileOperation) -> FileFault?) {
    self.plan = plan
  }

  /// All calls so far, in order.
  package var log: [FileOperation] { trail.map(\.operation) }

  /// The same with their files.
  package var trail: [Call] { calls.withLock { $0 } }

  /// Records a call and returns its fault.
  func next(_ operation: FileOperation, _ path: String) -> FileFault? {
    let call = calls.withLock { calls in
      calls.append(Call(operation: operation, path: path))
      return calls.count - 1
    }
    return plan(call, operation)
  }
}
