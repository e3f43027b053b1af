import MinimKernels

extension Dataset {
  /// Rows that are drawn: row i is a function of the key and i alone, so that more rows begin with the same ones.
  ///
  /// - Parameter row: the `inputs` values of a row from the row's own key.
  init(name: String, inputs: Int, rows: Int, key: RandomKey, row: (RandomKey) -> [Double]) {
    self.init(
      name: name, exampleShape: [inputs],
      values: (0..<rows).flatMap { row(key.folding(UInt64($0))).map { Float($0) } })
  }
}

extension RandomKey {
  /// Standard normals at the counters of `range`.
  func normals(_ range: Range<Int>) -> [Double] { range.map { normal(at: UInt64($0)) } }
}
