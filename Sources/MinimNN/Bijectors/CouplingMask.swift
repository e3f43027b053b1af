import MinimAutodiff

/// The dimensions that a coupling keeps, and those that it changes (Dinh, Sohl-Dickstein and Bengio 2017, section 3.4).
/// Every dimension is one or the other.
public struct CouplingMask: Sendable, Hashable {
  /// The dimensions that stay, ascending.
  public let kept: [Int]
  /// The dimensions that change, ascending.
  public let changed: [Int]

  /// - Parameter keeps: for each dimension whether it stays. At least one must stay, and at least one must not.
  public init(_ keeps: [Bool]) {
    kept = keeps.indices.filter { keeps[$0] }
    changed = keeps.indices.filter { !keeps[$0] }
    require(
      !kept.isEmpty && !changed.isEmpty, "a coupling keeps some dimensions and changes some; the mask is \(keeps)")
  }

  /// Keeps the first half; if the number is odd, the smaller part.
  public static func half(_ dimensions: Int) -> CouplingMask {
    CouplingMask((0..<dimensions).map { $0 < dimensions / 2 })
  }

  /// Keeps the dimensions with even numbers.
  public static func alternating(_ dimensions: Int) -> CouplingMask {
    CouplingMask((0..<dimensions).map { $0 % 2 == 0 })
  }

  /// Keeps the pixels of an image, row by row, whose coordinates have an even sum: no two changed pixels share an edge.
  public static func checkerboard(height: Int, width: Int) -> CouplingMask {
    CouplingMask((0..<height * width).map { ($0 / width + $0 % width) % 2 == 0 })
  }

  /// The number of dimensions, d.
  public var dimensions: Int { kept.count + changed.count }

  /// The mask that exchanges kept and changed dimensions, for the next coupling.
  public var complement: CouplingMask {
    let changes = Set(changed)
    return CouplingMask((0..<dimensions).map { changes.contains($0) })
  }

  /// The kept and the changed columns of rows: [n, d] to [n, kept.count] and [n, changed.count].
  func split(_ x: Tensor) -> (kept: Tensor, changed: Tensor) {
    require(
      x.rank == 2 && x.shape[1] == dimensions, "a coupling of \(dimensions) dimensions is given a shape \(x.shape)")
    return (x.columns(kept), x.columns(changed))
  }

  /// The rows with these kept and changed columns: [n, kept.count] and [n, changed.count] to [n, d].
  func joined(_ kept: Tensor, _ changed: Tensor) -> Tensor {
    interleave([kept, changed], columns: [self.kept, self.changed])
  }
}
