import MinimDrawing

/// Says on standard error what was left out of the files that a command has read, each once.
func say(_ remarks: [String]) {
  // A table or an export on standard output stays what it is.
  for remark in remarks.unique() { Terminal.write("\(remark)\n", to: 2) }
}
