import MinimKernels

// Likely mistakes in a user's data: nothing that must be wrong, but what a careful colleague would ask about.

extension DataSplit {
  /// What was done to read the data, and what about them is likely to be a mistake; a sentence each.
  package func remarks(_ summary: DataSummary) -> [String] {
    let read = reading.remarks + reading.leftOut
    guard distribution == nil, summary.count > 0 else { return read }
    return read + (summary.isImage ? imageRemarks(summary) : rowRemarks(summary)) + classRemarks(summary)
  }

  private func imageRemarks(_ summary: DataSummary) -> [String] {
    var remarks: [String] = []
    if let range = summary.range, summary.distinctValues == 2, levels != 2 {
      remarks.append(
        "Every pixel is \(range.lowerBound.short) or \(range.upperBound.short). \"data.values\": \"binary\" makes them 0 and 1."
      )
    }
    if let most = summary.range?.upperBound, most > 255 {
      remarks.append(
        "Pixels reach \(most.short), more than the 255 of 8 bits, and are learned as any numbers. \"data.levels\": 16 puts "
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
        "Column \"\(column.name)\" counts the rows from \(Float(column.least).short). Leave it out with \"data.columns\"."
      )
    }
    let constant = columns.filter(\.isConstant).map { "\"\($0.name)\"" }
    if !constant.isEmpty {
      remarks.append(
        "\(constant.count == 1 ? "Column" : "Columns") \(ReadingNotes.listed(constant)) \(constant.count == 1 ? "has" : "have") "
          + "one value in all rows. A density of it has no bound: leave it out with \"data.columns\".")
    }
    let varying = columns.filter { !$0.isConstant && !$0.countsRows }
    let deviations = varying.map(\.deviation)
    if scaling == nil, let least = deviations.min(), let largest = deviations.max(), least < 0.05 || largest > 20 {
      remarks.append(
        "Standard deviations are \(Float(least).short)\(least < largest ? " to \(Float(largest).short)" : ""). Nets learn values near 1 best: "
          + "\"data.standardize\": true, which keeps all results in the units of the file.")
    }
    // Float has 24 bits: a thousandth of the deviation should still be seen.
    let coarse = varying.filter { abs($0.mean) > 1e4 * $0.deviation }.map { "\"\($0.name)\"" }
    if !coarse.isEmpty {
      remarks.append(
        "The values of \(ReadingNotes.listed(coarse)) differ only in their last digits of 32 bits. Subtract a constant first."
      )
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
      "\(single.count == 1 ? "Class" : "Classes") \(ReadingNotes.listed(single.map { "\"\($0.name)\"" })) "
        + "\(single.count == 1 ? "has" : "have") one example."
    ]
  }
}
