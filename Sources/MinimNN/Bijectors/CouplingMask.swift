import MinimAutodiff

/// Which dimensions a coupling keeps, and which it changes (Dinh, Sohl-Dickstein and Bengio 2017, section 3.4). Every
/// dimension is one or the other.
public struct CouplingMask: Sendable, Hashable {
  /// The dimensions that stay, ascending.
  public let kept: [Int]
  /// The others, ascending.
  public let changed: [Int]

  /// - Parameter keeps: for each dimension whether it stays. At least one must, and one must not.
  public init(_ keeps: [Bool]) {
    kept = keeps.indices.filter { keeps[$0] }
    changed = keeps.indices.filter { !keeps[$0] }
    require(
      !kept.isEmpty && !changed.isEmpty, "a coupling keeps some dimensions and changes some; the mask is \(keeps)")
  }

  /// Keeps the first half, of an odd number the smaller one.
  public static func half(_ dimensions: Int) -> CouplingMask {
    CouplingMask((0..<dimensions).map { $0 < dimensions / 2 })
  }

  /// Keeps the dimensions of even number.
  public static func alternating(_ dimensions: Int) -> CouplingMask {
    CouplingMask((0..<dimensions).map { $0 % 2 == 0 })
  }

  /// Keeps the pixels of an image, row by row, whose coordinates have an even sum: no changed pixel touches another by an edge.
  public static func checkerboard(height: Int, width: Int) -> CouplingMask {
    CouplingMask((0..<height * width).map { ($0 / width + $0 % width) % 2 == 0 })
  }

  /// d.
  public var dimensions: Int { kept.count + changed.count }

  /// Keeps what this changes, and changes what this keeps: what the next coupling needs.
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

  /// The rows of which these are the columns: [n, kept.count] and [n, changed.count] to [n, d].
  func joined(_ kept: Tensor, _ changed: Tensor) -> Tensor {
    interleave([kept, changed], columns: [self.kept, self.changed])
  }
}
