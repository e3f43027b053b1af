import MinimConfiguration
import MinimFiles

extension Claim {
  /// A claim as `json` has written it; nil if this is none. Values that are not finite come back as NaN.
  public init?(_ json: JSON) {
    guard let id = json["id"]?.string, let statement = json["statement"]?.string,
      let kind = json["kind"]?.string.flatMap(Kind.init),
      let relation = json["relation"]?.string.flatMap(Relation.init),
      let verdict = json["verdict"]?.string.flatMap(Verdict.init)
    else { return nil }
    func number(_ key: String, _ json: JSON) -> Double? { json[key]?.number }
    let control = json["control"].flatMap { it -> Control? in
      guard let statement = it["statement"]?.string, let changed = it["changed"]?.string, let fails = it["fails"]?.bool
      else { return nil }
      return Control(statement: statement, changed: changed, measured: number("measured", it) ?? .nan, fails: fails)
    }
    self.init(
      id, statement, kind: kind, measured: number("measured", json) ?? .nan, relation, number("expected", json) ?? .nan,
      tolerance: number("tolerance", json) ?? 0, standardError: number("standardError", json), z: number("z", json),
      samples: json["samples"]?.integer,
      details: (json["details"]?.object?.members ?? []).map { ($0.key, $0.value.number ?? .nan) }, control: control)
    self.verdict = verdict
    reason = json["reason"]?.string
  }
}

extension Evaluation {
  /// Figures and tables as `evaluation.json` has them.
  public init(_ json: JSON) {
    func text(_ key: String, _ json: JSON) -> String { json[key]?.string ?? "" }
    self.init(
      (json["figures"]?.array ?? []).map {
        Figure(
          text("name", $0), $0["value"]?.number ?? $0["value"]?.string.flatMap { Double($0) } ?? .nan,
          text("meaning", $0))
      },
      tables: (json["tables"]?.array ?? []).map { table in
        let columns = (table["columns"]?.array ?? []).map { (text("name", $0), text("meaning", $0)) }
        return Table(
          text("name", table), columns: columns,
          rows: (table["rows"]?.array ?? []).map { row in
            (text("name", row), columns.map { row[$0.0]?.number ?? .nan })
          })
      })
  }
}
