import MinimNN
import Synchronization

/// What was computed last, with the parameters that it belongs to: metrics, claims and pictures of a run share what takes seconds.
final class ParameterMemo<Value: Sendable>: Sendable {
  private let last = Mutex<(parameters: [Double], value: Value)?>(nil)

  /// The value of some parameters, computed if it is not the last one.
  func value(_ trained: Trained, _ compute: () throws -> Value) rethrows -> Value {
    let parameters = trained.parameters.values
    if let last = last.withLock({ $0 }), last.parameters == parameters { return last.value }
    let value = try compute()
    last.withLock { $0 = (parameters, value) }
    return value
  }
}
