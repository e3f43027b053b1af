/// A small generator for test values: the same sequence everywhere (Steele, Lea and Flood 2014).
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Uniform on [0, 1).
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
  /// Uniform on [-1, 1).
  package mutating func symmetric() -> Double { 2 * uniform() - 1 }
}
