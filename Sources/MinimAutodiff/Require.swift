import MinimSystem

/// Stops the program if an expression asks for what its shapes do not allow.
///
/// A wrong request is a mistake in the code that builds the expression, not in what a user wrote: configs are checked before a
/// model is made. Unlike `precondition`, it says what was wrong in a release build too, and where in the model's source.
package func require(_ holds: Bool, _ message: @autoclosure () -> String) {
  if !holds { mistake(message()) }
}

/// Stops the program with a message, the line of the model's source that asked for it, and exit code 70. See `require`.
@inline(never)
package func mistake(_ message: String) -> Never {
  report("A mistake in the code of a model: \(message)\n")
  // Second, because reading the debug information of a large program takes about a second.
  if let line = SourceLine.ofCaller { report("  at \(line)\n") }
  fflush(nil)
  // Not `exit`: other threads may be at work, and nothing must end beneath them.
  _exit(70)
}

private func report(_ text: String) {
  _ = Array(text.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
