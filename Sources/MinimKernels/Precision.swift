import CMinimKernels

/// The element type of a plan: the kernels exist for both.
public enum Precision: String, CaseIterable, BitwiseCopyable, Sendable {
  /// IEEE 754 binary32, the default.
  case float32
  /// IEEE 754 binary64, where a claim is audited along the run.
  case float64

  /// Bytes of one element.
  public var elementSize: Int {
    switch self {
    case .float32: MemoryLayout<Float>.size
    case .float64: MemoryLayout<Double>.size
    }
  }

  var element: minim_element {
    switch self {
    case .float32: MINIM_FLOAT32
    case .float64: MINIM_FLOAT64
    }
  }
}
