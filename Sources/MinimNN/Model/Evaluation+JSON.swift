import MinimConfiguration
import MinimFiles

extension Evaluation {
  /// The metrics and tables for `evaluation.json`. Tables come last, and only if there are any.
  public var json: JSON {
    var json: JSON = [
      "metrics": .array(
        metrics.map { ["name": .string($0.name), "value": .number($0.value), "meaning": .string($0.meaning)] })
    ]
    if !tables.isEmpty { json["tables"] = .array(tables.map(\.json)) }
    return json
  }

  /// Reads metrics and tables from `evaluation.json`.
  public init(_ json: JSON) {
    self.init(
      (json["metrics"]?.array ?? []).map {
        let value = $0["value"]
        return Metric(
          $0["name"]?.string ?? "", value?.number ?? value?.string.flatMap { Double($0) } ?? .nan,
          $0["meaning"]?.string ?? "")
      },
      tables: (json["tables"]?.array ?? []).map(Table.init))
  }
}

extension Evaluation.Table {
  /// The table for `evaluation.json`: one record per row.
  public var json: JSON {
    [
      "name": .string(name),
      "columns": .array(columns.map { ["name": .string($0.name), "meaning": .string($0.meaning)] }),
      "rows": .array(
        rows.map { row in
          var record: JSON = ["name": .string(row.name)]
          for (column, value) in zip(columns, row.values) {
            record[column.name] = value.isFinite ? .number(value) : .null
          }
          return record
        }),
    ]
  }

  fileprivate init(_ json: JSON) {
    let columns = (json["columns"]?.array ?? []).map { ($0["name"]?.string ?? "", $0["meaning"]?.string ?? "") }
    self.init(
      json["name"]?.string ?? "", columns: columns,
      rows: (json["rows"]?.array ?? []).map { row in
        (row["name"]?.string ?? "", columns.map { row[$0.0]?.number ?? .nan })
      })
  }
}
