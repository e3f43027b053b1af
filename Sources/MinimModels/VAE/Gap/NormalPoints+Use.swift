import MinimKernels
import MinimNN

extension NormalPoints {
  /// Whose points they are: no two have the same ones, so that what a search took from the accidents of its own is not seen
  /// again where it is judged, and a gap that is wrong can come out negative.
  enum Use: UInt64 {
    case search, judge, finer

    /// Nodes of a product rule in each of one or two dimensions.
    var nodes: Int {
      switch self {
      case .search: 10
      case .judge: 20
      case .finer: 28
      }
    }

    /// Pairs of draws in more dimensions.
    var pairs: Int {
      switch self {
      case .search: 128
      case .judge: 2048
      case .finer: 4096
      }
    }
  }

  /// A product of Gauss-Hermite rules for one or two dimensions, draws for more.
  init(_ use: Use, dimensions d: Int) {
    if d <= 2 {
      self.init(GaussHermite(use.nodes), dimensions: d)
    } else {
      self.init(pairs: use.pairs, dimensions: d, key: RandomKey(seed: 0).folding(.evaluation).folding(use.rawValue))
    }
  }
}
