import MinimKernels

// Likely mistakes in a user's data: nothing that must be wrong, but what a careful colleague would ask about.

extension DataSplit {
  /// What was done to read the data, and what about them is likely to be a mistake; a sentence each.
  package func remarks(_ summary: DataSummary) -> [String] {
    guard distribution == nil, summary.count > 0 else { return readingRemarks }
    return readingRemarks + (summary.isImage ? imageRemarks(summary) : rowRemarks(summary)) + classRemarks(summary)
  }

  private func imageRemarks(_ summary: DataSummary) -> [String] {
    var remarks: [String] = []
    if let range = summary.range, summary.distinctValues == 2, levels != 2 {
      remarks.append(
        "Every pixel is \(short(range.lowerBound)) or \(short(range.upperBound)). \"data.values\": \"binary\" makes them 0 and 1."
      )
    }
    if let most = summary.range?.upperBound, most > 255 {
      remarks.append(
        "Pixels reach \(short(most)), more than the 255 of 8 bits, and are learned as any numbers. \"data.levels\": 16 puts "
          + "them in levels.")
    }
    return remarks
  }

  private func rowRemarks(_ summary: DataSummary) -> [String] {
    let columns = summary.columns
    var remarks: [String] = []
    if let range = summary.range, range == 0...1, summary.distinctValues == 2 {
      remarks.append("All values are 0 and 1. For images take \"data.name\": \"images\".")
    }
    for column in columns where column.countsRows && columns.count > 1 {
      remarks.append(
        "Column \"\(column.name)\" counts the rows from \(short(Float(column.least))). Leave it out with \"data.columns\"."
      )
    }
    let constant = columns.filter(\.isConstant).map { "\"\($0.name)\"" }
    if !constant.isEmpty {
      remarks.append(
        "\(constant.count == 1 ? "Column" : "Columns") \(Self.listed(constant)) \(constant.count == 1 ? "has" : "have") "
          + "one value in all rows. A density of it has no bound: leave it out with \"data.columns\".")
    }
    let varying = columns.filter { !$0.isConstant && !$0.countsRows }
    let deviations = varying.map(\.deviation)
    if scaling == nil, let least = deviations.min(), let largest = deviations.max(), least < 0.05 || largest > 20 {
      remarks.append(
        "Standard deviations are \(short(Float(least)))\(least < largest ? " to \(short(Float(largest)))" : ""). Nets learn values near 1 best: "
          + "\"data.standardize\": true, which keeps all results in the units of the file.")
    }
    // Float has 24 bits: a thousandth of the deviation should still be seen.
    let coarse = varying.filter { abs($0.mean) > 1e4 * $0.deviation }.map { "\"\($0.name)\"" }
    if !coarse.isEmpty {
      remarks.append(
        "The values of \(Self.listed(coarse)) differ only in their last digits of 32 bits. Subtract a constant first.")
    }
    return remarks
  }

  private func classRemarks(_ summary: DataSummary) -> [String] {
    let single = summary.classes.filter { $0.count == 1 }
    guard !single.isEmpty else { return [] }
    if single.count == summary.classes.count {
      return ["Each class has one example. Do the labels count the examples?"]
    }
    return [
      "\(single.count == 1 ? "Class" : "Classes") \(Self.listed(single.map { "\"\($0.name)\"" })) "
        + "\(single.count == 1 ? "has" : "have") one example."
    ]
  }

  /// A whole number, or three digits.
  private func short(_ value: Float) -> String {
    if value == value.rounded(), abs(value) < 1e7 { return "\(Int(value))" }
    var unit: Float = 1
    while abs(value) * unit < 100, unit < 1e9 { unit *= 10 }
    let rounded = (value * unit).rounded() / unit
    return rounded == rounded.rounded() && abs(rounded) < 1e7 ? "\(Int(rounded))" : "\(rounded)"
  }

  /// The first of some names.
  private static func listed(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }
}
