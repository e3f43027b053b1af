import MinimAutodiff

/// Metrics of a trained model.
public struct Evaluation: Sendable {
  /// One metric: its key in files, its value, and its meaning with unit.
  public struct Metric: Sendable {
    /// The key in files, the value, and what it means, with its unit.
    public let name: String, value: Double, meaning: String

    /// Creates a metric from its name, value and meaning.
    public init(_ name: String, _ value: Double, _ meaning: String) {
      self.name = name
      self.value = value
      self.meaning = meaning
    }
  }
  /// The metrics, in the order of their report.
  public let metrics: [Metric]
  /// A table of metrics that are read side by side.
  public struct Table: Sendable {
    /// The heading of the rows' names.
    public let name: String
    /// The columns' names and meanings.
    public let columns: [(name: String, meaning: String)]
    /// The rows' names, each with one value per column; NaN if there is none.
    public let rows: [(name: String, values: [Double])]

    /// Creates a table from its rows.
    ///
    /// - Precondition: each row has one value per column.
    public init(_ name: String, columns: [(name: String, meaning: String)], rows: [(name: String, values: [Double])]) {
      require(rows.allSatisfy { $0.values.count == columns.count }, "a row of a table is not full")
      self.name = name
      self.columns = columns
      self.rows = rows
    }
  }

  /// The tables, in the order of their report.
  public let tables: [Table]
  /// Claims that only an exact evaluation can check.
  public let claims: [Claim]

  /// Creates an evaluation from metrics, and optional tables and claims.
  public init(_ metrics: [Metric], tables: [Table] = [], claims: [Claim] = []) {
    self.metrics = metrics
    self.tables = tables
    self.claims = claims
  }
}
