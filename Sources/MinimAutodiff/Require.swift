/// Stops the program if an expression asks for what its shapes do not allow.
///
/// A wrong request is a mistake in the code that builds the expression, not in what a user wrote: configs are checked before a
/// model is made. Unlike `precondition`, it says what was wrong in a release build too.
package func require(_ holds: Bool, _ message: @autoclosure () -> String) {
  if !holds { mistake(message()) }
}

/// Stops the program with a message. See `require`.
package func mistake(_ message: String) -> Never {
  fatalError(message)  // nothing sensible can follow: the expression has no value
}
