extension Double {
  /// The value rounded to a millionth, as metrics and claims of flows show their errors.
  var roundedToMillionths: Double { (self * 1e6).rounded() / 1e6 }
}
