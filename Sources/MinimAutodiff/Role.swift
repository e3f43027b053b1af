/// The part that an operation plays in a plan: all that the planner asks about an operation's kind.
package enum Role: Sendable {
  /// Values that exist before the plan runs.
  case leaf(Leaf)
  /// The first input, element for element: no instruction is needed.
  case alias
  /// The input's elements, repeated: an elementwise reader reads them in place.
  case broadcast
  /// The input's elements in another order.
  case permutation
  /// One primitive, element by element: a step of a map.
  case map(Primitive, constant: Double)
  /// A product of matrices, which may take the elementwise operations after it as its epilogue.
  case product
  /// Draws from a source of random words, which no other draws of a plan may use.
  case draws(source: UInt64)
  /// A mean over all shards of a batch; the shards exchange its value.
  case exchange
  /// Anything else: an instruction of its own.
  case kernel

  /// The kinds of leaves.
  package enum Leaf: Sendable {
    /// Elements of the parameter vector, from an offset on.
    case parameter(path: String, offset: Int)
    /// Values that the caller writes before each run.
    case input(name: String)
    /// Values that are fixed when the expression is built.
    case constant([Double])
  }
}

extension Role {
  /// Whether it is a step of a map.
  var isMap: Bool { if case .map = self { true } else { false } }
  /// Whether it repeats elements.
  var isBroadcast: Bool { if case .broadcast = self { true } else { false } }
  /// Whether it is its first input.
  var isAlias: Bool { if case .alias = self { true } else { false } }
  /// Whether it is a product of matrices.
  var isProduct: Bool { if case .product = self { true } else { false } }
  /// Whether shards exchange its value.
  var isExchange: Bool { if case .exchange = self { true } else { false } }
  /// Whether the caller writes it.
  var isInput: Bool { if case .leaf(.input) = self { true } else { false } }
  /// Whether its elements are those of its input, perhaps moved or repeated.
  var keepsElements: Bool {
    switch self {
    case .alias, .broadcast, .permutation: true
    default: false
    }
  }
}

/// The frequency of changes of a value, which decides when it is computed.
package enum Recurrence: Comparable, Sendable {
  /// It depends on constants only: computed when the plan is bound.
  case once
  /// It depends on parameters: computed once per step, by each worker for itself.
  case step
  /// It depends on inputs or random numbers: computed for each shard.
  case shard
}
