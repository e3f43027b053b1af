import MinimKernels

extension Dataset {
  /// Creates rows by drawing: row i is a function of the key and i alone, so a larger sample begins with the same rows.
  ///
  /// - Parameter row: returns the `inputs` values of a row from the row's own key.
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
