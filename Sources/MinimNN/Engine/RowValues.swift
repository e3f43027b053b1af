import MinimAutodiff
import MinimData
import MinimKernels

/// Values of each row of a data set, by name.
public struct RowValues: Sendable {
  /// The number of rows.
  public let count: Int
  private let columns: [String: [Double]]

  fileprivate init(_ count: Int, _ columns: [String: [Double]]) { (self.count, self.columns) = (count, columns) }

  /// The values of one name for all rows: [count], or [count, width] in row-major order for several values per row.
  public subscript(name: String) -> [Double] {
    guard let column = columns[name] else {
      mistake("rows have no values \"\(name)\"; they have \(columns.keys.sorted().joined(separator: ", "))")
    }
    return column
  }

  /// The values of one name for one row.
  public subscript(name: String, row: Int) -> ArraySlice<Double> {
    let all = self[name]
    let width = all.count / max(1, count)
    return all[row * width..<(row + 1) * width]
  }

  /// The mean of one name over the rows.
  public func mean(_ name: String) -> Double { self[name].reduce(0, +) / Double(count) }
}

extension Trained {
  /// Values of each row of a data set, computed in chunks on all threads, in the parameters' precision.
  ///
  ///     let rows = try trained.rows(of: data) { x in ["logProb": model.logProb(x), "prior": prior(x)] }
  ///     rows["logProb"][3]
  ///
  /// - Parameters:
  ///   - data: the rows.
  ///   - chunk: the most rows that are computed at once, and are in memory together.
  ///   - input: the name of another input that depends on the row, and its values for each row.
  ///   - columns: the names and tensors [n, ...] to compute from examples [n, ...].
  /// - Throws: `KernelError` if there is not enough memory.
  public func rows(
    of data: Dataset, chunk: Int = 64, with input: (name: String, rows: [[Double]])? = nil,
    _ columns: (_ x: Tensor) -> KeyValuePairs<String, Tensor>
  ) throws -> RowValues {
    let chunk = max(1, min(chunk, data.count))
    let columns = columns(Batch(count: chunk, exampleShape: data.exampleShape).examples)
    let evaluator = try RowEvaluator(columns.map { ($0.key, $0.value) }, chunk: chunk, self)
    return evaluator.values(of: data, with: input)
  }
}

/// Named values of rows, which can be computed again when parameters have changed.
struct RowEvaluator: Sendable {
  private let evaluator: BatchEvaluator
  private let names: [String]
  /// The number of values per row of each name, and the start of its values in a chunk.
  private let widths: [Int], starts: [Int]

  /// - Throws: `KernelError` if there is not enough memory.
  init(_ columns: [(name: String, value: Tensor)], chunk: Int, _ trained: Trained) throws {
    require(columns.allSatisfy { $0.value.shape.first == chunk }, "values of rows have the rows as their first extent")
    evaluator = try BatchEvaluator([columns.map(\.value)], chunk: chunk, trained)
    names = columns.map(\.name)
    widths = columns.map { $0.value.shape.elementCount / chunk }
    starts = columns.indices.map { columns[..<$0].reduce(0) { $0 + padded($1.value.shape.elementCount) } }
  }

  /// Recomputes what depends on parameters only, after they have changed.
  func update() { evaluator.update() }

  /// Whether any of the values depends on an input of this name.
  func depends(on name: String) -> Bool { evaluator.depends(on: name) }

  func values(of data: Dataset, with input: (name: String, rows: [[Double]])? = nil) -> RowValues {
    let width = widths.reduce(0, +)
    let rows = evaluator.gather(data.count, width: width) { range, worker, results in
      worker.input()?.write(ArraySlice(range), of: data)
      if let input { worker.input(named: input.name)?.write(input.rows[range]) }
      let values = worker.run()
      for row in 0..<range.count {
        var place = row * width
        for column in widths.indices {
          for index in 0..<widths[column] {
            results[place] = values[starts[column] + row * widths[column] + index]
            place += 1
          }
        }
      }
    }
    var first = 0
    let columns = names.indices.map { column -> (String, [Double]) in
      defer { first += widths[column] }
      let own = first..<first + widths[column]
      return (names[column], (0..<data.count).flatMap { row in own.map { rows[row * width + $0] } })
    }
    return RowValues(data.count, Dictionary(columns) { first, _ in first })
  }
}
