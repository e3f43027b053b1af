import Dispatch

/// Calls something ten times a second, on a thread of its own.
final class Ticker: Sendable {
  private let queue = DispatchQueue(label: "minim.ticker")
  /// The timer; written on the queue alone.
  nonisolated(unsafe) private var timer: (any DispatchSourceTimer)?

  deinit { timer?.cancel() }

  /// Begins to call `body`.
  func start(_ body: @escaping @Sendable () -> Void) {
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + 0.1, repeating: 0.1)
    timer.setEventHandler(handler: body)
    queue.sync { self.timer = timer }
    timer.resume()
  }

  /// Ends the calls; none is under way afterward.
  func stop() {
    queue.sync {
      timer?.cancel()
      timer = nil
    }
  }
}
