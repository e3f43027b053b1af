import Glibc

/// The system's functions, which the project's own are compared with.
enum Reference {
  static func exp(_ x: Double) -> Double { Glibc.exp(x) }
  static func log(_ x: Double) -> Double { Glibc.log(x) }
  static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
}
