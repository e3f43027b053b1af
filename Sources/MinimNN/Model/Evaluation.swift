/// Figures of a trained model.
public struct Evaluation: Sendable {
  /// One figure: its key in files, its value, and its meaning with unit.
  public struct Figure: Sendable {
    /// The key in files, the value, and what it means, with its unit.
    public let name: String, value: Double, meaning: String

    /// A figure with its name, value and meaning.
    public init(_ name: String, _ value: Double, _ meaning: String) {
      self.name = name
      self.value = value
      self.meaning = meaning
    }
  }
  /// In the order of their report.
  public let figures: [Figure]
  /// Figures that are read side by side: each has its place in a row and a column.
  public struct Table: Sendable {
    /// What the rows are, for the head of their names.
    public let name: String
    /// What the columns are, and what each means.
    public let columns: [(name: String, meaning: String)]
    /// The names of rows, each with a value a column; NaN where there is none.
    public let rows: [(name: String, values: [Double])]

    /// A table with its rows.
    ///
    /// - Precondition: each row has a value for each column.
    public init(_ name: String, columns: [(name: String, meaning: String)], rows: [(name: String, values: [Double])]) {
      precondition(rows.allSatisfy { $0.values.count == columns.count }, "a row of a table is not full")
      self.name = name
      self.columns = columns
      self.rows = rows
    }
  }

  /// In the order of their report.
  public let tables: [Table]
  /// Claims that only an exact evaluation can check.
  public let claims: [Claim]

  /// Figures, and what goes with them.
  public init(_ figures: [Figure], tables: [Table] = [], claims: [Claim] = []) {
    self.figures = figures
    self.tables = tables
    self.claims = claims
  }
}
