/// Functions that NumPy lacks and operations call; a file has those that it needs.
package enum NumPyHelper: String, CaseIterable, Sendable {
  case greater
  case greaterEqual = "greater_equal"
  case sigmoid, softplus
  case firstMaximum = "first_maximum"
  case columns
  case scatterAdd = "scatter_add"
  case overlap
  case convolution
  case dataGradient = "convolution_data_gradient"
  case weightGradient = "convolution_weight_gradient"

  /// The helpers that this one calls.
  package var callees: [NumPyHelper] {
    switch self {
    case .convolution, .dataGradient, .weightGradient: [.overlap]
    default: []
    }
  }

  /// The definition, in Python.
  package var source: String {
    switch self {
    case .greater:
      #"""
      def greater(a, b):
          """1 where a > b, else 0."""
          return np.greater(a, b).astype(np.result_type(a, b))
      """#
    case .greaterEqual:
      #"""
      def greater_equal(a, b):
          """1 where a >= b, else 0."""
          return np.greater_equal(a, b).astype(np.result_type(a, b))
      """#
    case .sigmoid:
      #"""
      def sigmoid(x):
          """1 / (1 + e^-x), without an exponential that overflows."""
          e = np.exp(-np.abs(x))
          return np.where(x >= 0, 1, e) / (1 + e)
      """#
    case .softplus:
      #"""
      def softplus(x):
          """log(1 + e^x), without an exponential that overflows."""
          return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
      """#
    case .firstMaximum:
      #"""
      def first_maximum(x):
          """1 at the first maximum of each row along the last axis, else 0."""
          if x.size == 0:
              return np.zeros_like(x)
          return (np.arange(x.shape[-1]) == x.argmax(axis=-1)[..., None]).astype(x.dtype)
      """#
    case .columns:
      #"""
      def columns(parts, order):
          """Columns of matrices side by side, in an order; -1 is a column of zeros."""
          zeros = np.zeros((len(parts[0]), 1), parts[0].dtype)
          return np.concatenate((*parts, zeros), axis=1)[:, order]
      """#
    case .scatterAdd:
      #"""
      def scatter_add(x, index, rows):
          """Row i of x added to row index[i] of zeros."""
          y = np.zeros((rows, *x.shape[1:]), x.dtype)
          np.add.at(y, index.astype(int), x)
          return y
      """#
    case .overlap, .convolution, .dataGradient, .weightGradient: convolutionSource
    }
  }

  private var convolutionSource: String {
    switch self {
    case .convolution:
      #"""
      def convolution(x, w, taps, size, stride=1):
          """y[n, p, o] = sum over taps of x[n, p stride + tap, i] w[tap, i, o], with zeros around x."""
          y = np.zeros((len(x), *size, w.shape[2]), x.dtype)
          for tap, (to, at) in enumerate(overlap(taps, x.shape[1:3], size, stride)):
              y[to] += x[at] @ w[tap]
          return y
      """#
    case .dataGradient:
      #"""
      def convolution_data_gradient(dy, w, taps, size, stride=1):
          """The cotangent of a convolution's images, from that of its result and w[tap, o, i]."""
          dx = np.zeros((len(dy), *size, w.shape[2]), dy.dtype)
          for tap, (to, at) in enumerate(overlap(taps, size, dy.shape[1:3], stride)):
              dx[at] += dy[to] @ w[tap]
          return dx
      """#
    case .weightGradient:
      #"""
      def convolution_weight_gradient(x, dy, taps, stride=1):
          """The cotangent of a convolution's weight, from its images and that of its result."""
          places = overlap(taps, x.shape[1:3], dy.shape[1:3], stride)
          return np.stack([np.tensordot(x[at], dy[to], axes=((0, 1, 2), (0, 1, 2))) for to, at in places])
      """#
    default:
      #"""
      def overlap(taps, inputs, outputs, stride):
          """For each tap the outputs whose input lies within the image, and these inputs, as slices."""
          def along(offset, inputs, outputs):
              first = max(0, -(offset // stride))
              last = max(first, min(outputs, (inputs - 1 - offset) // stride + 1))
              start = first * stride + offset
              return slice(first, last), slice(start, start + (last - first) * stride, stride)
          for tap in taps:
              rows, columns = (along(*it) for it in zip(tap, inputs, outputs))
              yield (slice(None), rows[0], columns[0]), (slice(None), rows[1], columns[1])
      """#
    }
  }
}
