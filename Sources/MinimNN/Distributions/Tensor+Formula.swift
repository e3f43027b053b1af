import MinimAutodiff
import MinimData

/// Expressions as numbers of formulas that are written once for both.
extension Tensor: FormulaNumber {
  package static func exp(_ x: Tensor) -> Tensor { MinimAutodiff.exp(x) }
  package static func sin(_ x: Tensor) -> Tensor { MinimAutodiff.sin(x) }
  package static func cos(_ x: Tensor) -> Tensor { MinimAutodiff.cos(x) }
  package static func tanh(_ x: Tensor) -> Tensor { MinimAutodiff.tanh(x) }
  package static func sigmoid(_ x: Tensor) -> Tensor { MinimAutodiff.sigmoid(x) }
  package static func softplus(_ x: Tensor) -> Tensor { MinimAutodiff.softplus(x) }
  package static func root(_ x: Tensor) -> Tensor { sqrt(x) }
}
