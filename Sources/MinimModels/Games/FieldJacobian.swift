import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The transposed Jacobian of a game's vector field, applied to directions: J^T w is the gradient of w . v, so it costs
/// a few fields and needs no matrix. Its eigenvalues are those of J.
package final class FieldJacobian {
  private let layout: ParameterLayout
  private let evaluator: BatchEvaluator
  private let examples: Dataset
  private let indices: [Int]

  /// Creates the field of a model on a few of its training examples, in Double; nil if there are none.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package init?(_ model: some Model, _ trained: Trained, examples count: Int = 256) throws {
    guard
      let examples = trained.data.training.rows(drawing: count, name: trained.data.name), examples.count > 0,
      model.parameters.count > 0
    else { return nil }
    let count = min(count, examples.count)
    self.examples = examples
    indices = Array(0..<count)
    let layout = model.parameters
    self.layout = layout
    let variables = layout.entries.map(\.tensor)
    let field = model.objective(Batch(count: count, of: trained.data)).field(variables)
    let product = layout.entries.indices.map { index in
      (field[index] * .input(Self.name(index), shape: layout.entries[index].shape)).sum()
    }.reduce(.constant(0), +)
    evaluator = try BatchEvaluator(
      [gradient(of: product, withRespectTo: variables)], chunk: count, trained.inDouble())
  }

  private static func name(_ index: Int) -> String { "direction.\(index)" }

  /// The number of parameters.
  package var count: Int { layout.entries.reduce(0) { $0 + $1.shape.elementCount } }

  /// J^T w.
  package func transposed(_ w: [Double]) -> [Double] {
    let chunks = evaluator.mapChunks(indices.count) { _, worker in
      worker.input()?.write(indices[...], of: examples)
      var start = 0
      for (index, entry) in layout.entries.enumerated() {
        let input = worker.input(named: Self.name(index))
        for i in 0..<entry.shape.elementCount { input?[i] = w[start + i] }
        start += entry.shape.elementCount
      }
      let values = worker.run()
      var (result, from): ([Double], Int) = ([], 0)
      for entry in layout.entries {
        let count = entry.shape.elementCount
        result += (0..<count).map { values[from + $0] }
        from = padded(from + count)
      }
      return result
    }
    return chunks.first ?? w
  }

  /// Eigenvalues of J: all of a small one, otherwise the Ritz values of a Krylov space, which find the outermost first
  /// (Arnoldi 1951; Saad 2011, "Numerical Methods for Large Eigenvalue Problems", section 6.2).
  ///
  /// - Parameter size: the dimension of the Krylov space.
  /// - Throws: `KernelError` if LAPACK does not converge.
  package func eigenvalues(size: Int = 80) throws -> [Complex] {
    let most = min(size, count)
    let key = RandomKey(seed: 0).folding(.evaluation)
    var basis = [Self.unit((0..<UInt64(count)).map { key.normal(at: $0) })]
    var projected = Matrix.scaledIdentity(most, 0)
    var dimensions = 0
    for column in 0..<most {
      let image = transposed(basis[column])
      guard image.allSatisfy(\.isFinite) else { return [] }
      let before = euclideanNorm(image)
      let (next, projections) = orthogonalized(image, against: basis)
      for (row, projection) in projections.enumerated() { projected[row, column] = projection }
      dimensions = column + 1
      let left = euclideanNorm(next)
      if left <= 1e-10 * before || dimensions == most { break }
      projected[column + 1, column] = left
      basis.append(next.map { $0 / left })
    }
    let used = Array(0..<dimensions)
    return try projected.selecting(rows: used, columns: used).eigenvalues()
  }

  private static func unit(_ x: [Double]) -> [Double] {
    let norm = euclideanNorm(x)
    return x.map { $0 / norm }
  }
}
