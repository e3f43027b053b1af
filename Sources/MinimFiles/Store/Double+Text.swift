extension Double {
  /// All digits of the number; "nan" for every NaN, whose sign says nothing.
  package var text: String { isNaN ? "nan" : "\(self)" }
}
