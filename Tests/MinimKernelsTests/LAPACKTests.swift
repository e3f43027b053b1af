import MinimKernels
import Testing

@Suite struct LAPACKTests {
  @Test func eigenvaluesOfASymmetricMatrix() throws {
    // The path of n vertices: 2 - 2 cos(pi j / (n + 1)).
    let n = 7
    var a = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      a[i * n + i] = 2
      if i > 0 { (a[i * n + i - 1], a[(i - 1) * n + i]) = (-1, -1) }
    }
    let values = try LAPACK.symmetricEigenvalues(a, n: n)
    for (j, value) in values.enumerated() {
      #expect(abs(value - (2 - 2 * Elementary.cos(Double.pi * Double(j + 1) / Double(n + 1)))) < 1e-13)
    }
    #expect(abs(try LAPACK.logAbsDeterminant(a, n: n).logAbs - Elementary.log(8)) < 1e-13)  // det = n + 1
  }

  @Test func singularValuesAreRootsOfTheGramMatrix() throws {
    var numbers = TestNumbers(3)
    let n = 6, a: [Double] = numbers.array(36)
    var gram = [Double](repeating: 0, count: 36)
    for i in 0..<n { for j in 0..<n { for k in 0..<n { gram[i * n + j] += a[k * n + i] * a[k * n + j] } } }
    let roots = try LAPACK.symmetricEigenvalues(gram, n: n).reversed().map { $0.squareRoot() }
    #expect(zip(try LAPACK.singularValues(a, n: n), roots).allSatisfy { abs($0 - $1) < 1e-7 })
  }

  @Test func eigenvaluesOfARotation() throws {
    let values = try LAPACK.eigenvalues([0.6, -0.8, 0.8, 0.6], n: 2)
    #expect(values.map(\.real) == [0.6, 0.6])
    #expect(abs(values[0].imaginary - 0.8) < 1e-15 && values[1].imaginary == -values[0].imaginary)
  }

  @Test func determinantsHaveTheirSign() throws {
    let (logAbs, sign) = try LAPACK.logAbsDeterminant([0, 2, 3, 0], n: 2)
    #expect(abs(logAbs - Elementary.log(6)) < 1e-15 && sign == -1)
    #expect(try LAPACK.logAbsDeterminant([1, 2, 2, 4], n: 2) == (-.infinity, 0))
    #expect(try LAPACK.logAbsDeterminant([], n: 0) == (0, 1))
  }

  @Test func choleskyMultipliesBack() throws {
    let a: [Double] = [4, 2, -2, 2, 10, 4, -2, 4, 9]
    let l = try LAPACK.cholesky(a, n: 3)
    for i in 0..<3 {
      for j in 0..<3 {
        #expect(abs((0..<3).reduce(0.0) { $0 + l[i * 3 + $1] * l[j * 3 + $1] } - a[i * 3 + j]) < 1e-14)
        if j > i { #expect(l[i * 3 + j] == 0) }
      }
    }
    #expect(throws: KernelError.self) { try LAPACK.cholesky([1, 2, 2, 1], n: 2) }
  }

  @Test func wrongInputIsRefused() {
    #expect(throws: KernelError.self) { try LAPACK.eigenvalues([1, 2, 3], n: 2) }
    #expect(throws: KernelError.self) { try LAPACK.singularValues([.nan], n: 1) }
    #expect(throws: KernelError.self) { try LAPACK.symmetricEigenvalues([.infinity], n: 1) }
  }

  @Test("numbers that are not finite are told by the routine's name", arguments: [Double.nan, .infinity, -.infinity])
  func nonFinite(_ value: Double) {
    let routines: [(name: String, run: ([Double]) throws -> Void)] = [
      ("eigenvalues", { _ = try LAPACK.eigenvalues($0, n: 2) }),
      ("symmetricEigenvalues", { _ = try LAPACK.symmetricEigenvalues($0, n: 2) }),
      ("singularValues", { _ = try LAPACK.singularValues($0, n: 2) }),
      ("logAbsDeterminant", { _ = try LAPACK.logAbsDeterminant($0, n: 2) }),
      ("cholesky", { _ = try LAPACK.cholesky($0, n: 2) }),
    ]
    for (name, run) in routines {
      for place in 0..<4 {
        var matrix = [2.0, 1, 1, 2]
        matrix[place] = value
        let error = #expect(throws: KernelError.self, "\(name)") { try run(matrix) }
        #expect(error?.description.hasPrefix("\(name): expected finite numbers, got ") == true, "\(error as Any)")
        #expect(error?.isNumerical == true)
      }
      #expect(throws: Never.self) { try run([2, 1, 1, 2]) }
    }
  }
}
