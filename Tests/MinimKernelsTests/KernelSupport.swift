import CMinimKernels
import MinimKernels

/// An element type of the kernels.
protocol KernelElement: BinaryFloatingPoint, Sendable {
  associatedtype Bits: FixedWidthInteger & UnsignedInteger & Sendable
  static var precision: Precision { get }
  var bitPattern: Bits { get }
}

extension Float: KernelElement {
  static var precision: Precision { .float32 }
}

extension Double: KernelElement {
  static var precision: Precision { .float64 }
}

/// The tables of an element type at every level that this CPU runs.
func tables<E: KernelElement>(_ type: E.Type) throws -> [KernelTable] {
  try KernelLevel.available.map { try KernelTable(level: $0, precision: E.precision) }
}

/// Numbers for tests, from a generator of their own (Steele, Lea and Flood 2014, SplitMix).
struct TestNumbers: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// `count` numbers in -1 ..< 1.
  mutating func array<E: KernelElement>(_ count: Int, _ type: E.Type = E.self) -> [E] {
    (0..<count).map { _ in E(Double.random(in: -1..<1, using: &self)) }
  }
}

/// The bits of an array: NaN equals itself, 0 differs from -0.
func bits<E: KernelElement>(_ x: [E]) -> [E.Bits] { x.map(\.bitPattern) }

/// a b + c as a level computes it.
func multiplyAdd<E: KernelElement>(_ a: E, _ b: E, _ c: E, _ level: KernelLevel) -> E {
  level.isFused ? c.addingProduct(a, b) : a * b + c
}

/// Lanes i and i + 8, then + 4, + 2, + 1: the fixed tree that ends a sum of sixteen.
func tree<T>(_ sixteen: [T], _ combine: (T, T) -> T) -> T {
  var lane = sixteen
  for width in [8, 4, 2, 1] { for i in 0..<width { lane[i] = combine(lane[i], lane[i + width]) } }
  return lane[0]
}

/// A six-element tuple of a C call from an array, filled up with 0.
func six(_ x: [Int]) -> (Int64, Int64, Int64, Int64, Int64, Int64) {
  let y = x.map(Int64.init) + Array(repeating: 0, count: 6 - x.count)
  return (y[0], y[1], y[2], y[3], y[4], y[5])
}

/// All index vectors below `extent`, the last axis fastest.
func indices(_ extent: [Int]) -> [[Int]] {
  extent.reduce([[]]) { vectors, n in vectors.flatMap { v in (0..<n).map { v + [$0] } } }
}

func offset(_ index: [Int], _ stride: [Int]) -> Int { zip(index, stride).reduce(0) { $0 + $1.0 * $1.1 } }
