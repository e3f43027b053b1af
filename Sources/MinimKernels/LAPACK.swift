/// Checked entries to the LAPACK inside OpenBLAS, for the oracles of claims. Matrices are n x n, row-major. Not for
/// anything that a parameter or a sample depends on: the bits differ between CPUs.
package enum LAPACK {
  /// The eigenvalues of a symmetric matrix, ascending (dsyev).
  package static func symmetricEigenvalues(_ matrix: [Double], n: Int) throws(KernelError) -> [Double] {
    var a = try checked(matrix, n, "symmetricEigenvalues")
    guard n > 0 else { return [] }
    var values = [Double](repeating: 0, count: n)
    var order = Int32(n), info: Int32 = 0
    let routine = try OpenBLAS.library().dsyev
    try withWorkspace("dsyev") { (work: inout [Double], size: inout Int32) in
      routine("N", "U", &order, &a, &order, &values, &work, &size, &info)
      return info
    }
    return values
  }

  /// The eigenvalues of a symmetric matrix, ascending, and a unit eigenvector of each (dsyev).
  package static func symmetricEigenvectors(
    _ matrix: [Double], n: Int
  ) throws(KernelError) -> (values: [Double], vectors: [[Double]]) {
    var a = try checked(matrix, n, "symmetricEigenvectors")
    guard n > 0 else { return ([], []) }
    var values = [Double](repeating: 0, count: n)
    var order = Int32(n), info: Int32 = 0
    let routine = try OpenBLAS.library().dsyev
    try withWorkspace("dsyev") { (work: inout [Double], size: inout Int32) in
      routine("V", "U", &order, &a, &order, &values, &work, &size, &info)
      return info
    }
    // Columns of a column-major matrix: one after the other.
    return (values, (0..<n).map { Array(a[$0 * n..<($0 + 1) * n]) })
  }

  /// The singular values, descending (dgesdd).
  package static func singularValues(_ matrix: [Double], n: Int) throws(KernelError) -> [Double] {
    var a = try checked(matrix, n, "singularValues")
    guard n > 0 else { return [] }
    var values = [Double](repeating: 0, count: n), unused = [0.0]
    var order = Int32(n), one: Int32 = 1, info: Int32 = 0
    var integers = [Int32](repeating: 0, count: 8 * n)
    let routine = try OpenBLAS.library().dgesdd
    try withWorkspace("dgesdd") { (work: inout [Double], size: inout Int32) in
      var alsoUnused = [0.0]
      routine(
        "N", &order, &order, &a, &order, &values, &unused, &one, &alsoUnused, &one, &work, &size, &integers, &info)
      return info
    }
    return values
  }

  /// The eigenvalues of a general matrix; complex ones come in conjugate pairs, positive imaginary part first (dgeev).
  package static func eigenvalues(_ matrix: [Double], n: Int) throws(KernelError) -> [Complex] {
    var a = try checked(matrix, n, "eigenvalues")
    guard n > 0 else { return [] }
    var real = [Double](repeating: 0, count: n), imaginary = real, unused = [0.0]
    var order = Int32(n), one: Int32 = 1, info: Int32 = 0
    let routine = try OpenBLAS.library().dgeev
    try withWorkspace("dgeev") { (work: inout [Double], size: inout Int32) in
      var alsoUnused = [0.0]
      routine(
        "N", "N", &order, &a, &order, &real, &imaginary, &unused, &one, &alsoUnused, &one, &work, &size, &info)
      return info
    }
    return zip(real, imaginary).map { Complex($0, $1) }
  }

  /// log |det A| and the sign of det A, by LU decomposition (dgetrf); (-infinity, 0) for a singular matrix.
  package static func logAbsDeterminant(_ matrix: [Double], n: Int) throws(KernelError) -> (
    logAbs: Double, sign: Double
  ) {
    var a = try checked(matrix, n, "logAbsDeterminant")
    guard n > 0 else { return (0, 1) }
    var pivots = [Int32](repeating: 0, count: n)
    var order = Int32(n), info: Int32 = 0
    try OpenBLAS.library().dgetrf(&order, &order, &a, &order, &pivots, &info)
    guard info >= 0 else { throw failure("dgetrf", info) }
    guard info == 0 else { return (-.infinity, 0) }
    var logAbs = 0.0, sign = 1.0
    for i in 0..<n {
      let pivot = a[i * n + i]
      logAbs += Elementary.log(abs(pivot))
      if (pivot < 0) != (Int(pivots[i]) != i + 1) { sign = -sign }
    }
    return (logAbs, sign)
  }

  /// The lower triangular L with A = L L^T, zeros above its diagonal (dpotrf).
  /// - Throws: also if `matrix` is not positive definite. Only its lower triangle is read.
  package static func cholesky(_ matrix: [Double], n: Int) throws(KernelError) -> [Double] {
    var a = try checked(matrix, n, "cholesky")
    guard n > 0 else { return [] }
    var order = Int32(n), info: Int32 = 0
    // The lower triangle by rows is the upper one by columns.
    try OpenBLAS.library().dpotrf("U", &order, &a, &order, &info)
    guard info <= 0 else {
      throw KernelError.numerical("cholesky: the matrix is not positive definite (leading minor \(info) of \(n)).")
    }
    guard info == 0 else { throw failure("dpotrf", info) }
    for i in 0..<n { for j in i + 1..<max(n, i + 1) { a[i * n + j] = 0 } }
    return a
  }

  private static func checked(_ matrix: [Double], _ n: Int, _ name: String) throws(KernelError) -> [Double] {
    guard n >= 0, n <= 1 << 14, matrix.count == n * n else {
      throw KernelError("\(name): expected \(n) x \(n) = \(n * n) numbers, got \(matrix.count).")
    }
    guard matrix.allSatisfy(\.isFinite) else {
      throw KernelError.numerical(
        "\(name): expected finite numbers, got a NaN or an infinity: a parameter or an example is too large.")
    }
    return matrix
  }

  /// Runs a routine twice: with size -1 it answers the best size of its workspace.
  private static func withWorkspace(
    _ name: String, _ routine: (_ work: inout [Double], _ size: inout Int32) -> Int32
  ) throws(KernelError) {
    var work = [0.0], size: Int32 = -1
    var info = routine(&work, &size)
    guard info == 0 else { throw failure(name, info) }
    size = Int32(work[0])
    work = [Double](repeating: 0, count: Int(size))
    info = routine(&work, &size)
    guard info == 0 else { throw failure(name, info) }
  }

  private static func failure(_ name: String, _ info: Int32) -> KernelError {
    KernelError(
      info < 0
        ? "LAPACK \(name): argument \(-info) is not valid; this is a bug of the caller."
        : "LAPACK \(name): no convergence (info = \(info)).")
  }
}

// MARK: - As methods of a square matrix

extension Matrix {
  /// The eigenvalues of a symmetric matrix, ascending.
  package func symmetricEigenvalues() throws(KernelError) -> [Double] {
    try LAPACK.symmetricEigenvalues(values, n: rows)
  }

  /// The eigenvalues of a symmetric matrix, ascending, and a unit eigenvector of each.
  package func symmetricEigenvectors() throws(KernelError) -> (values: [Double], vectors: [[Double]]) {
    try LAPACK.symmetricEigenvectors(values, n: rows)
  }

  /// The singular values, descending.
  package func singularValues() throws(KernelError) -> [Double] { try LAPACK.singularValues(values, n: rows) }

  /// The eigenvalues; complex ones come in conjugate pairs, positive imaginary part first.
  package func eigenvalues() throws(KernelError) -> [Complex] { try LAPACK.eigenvalues(values, n: rows) }

  /// log |det A|; minus infinity for a singular matrix.
  package func logAbsDeterminant() throws(KernelError) -> Double {
    try LAPACK.logAbsDeterminant(values, n: rows).logAbs
  }
}
