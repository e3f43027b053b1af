import MinimKernels
import MinimNN

extension NormalPoints {
  /// The uses of points. No two have the same points, so that a search's fit to the accidents of its own points does
  /// not count where it is judged, and a wrong gap can come out negative.
  enum Use: UInt64 {
    case search, judge, finer, polish

    /// Nodes of a product rule in each of one or two dimensions.
    var nodes: Int {
      switch self {
      case .search: 10
      case .polish: 18
      case .judge: 20
      case .finer: 28
      }
    }

    /// Pairs of draws in more dimensions.
    var pairs: Int {
      switch self {
      case .search: 128
      case .polish: 512
      case .judge: 2048
      case .finer: 4096
      }
    }
  }

  /// Creates a product of Gauss-Hermite rules for one or two dimensions, draws for more.
  init(_ use: Use, dimensions d: Int) {
    if d <= 2 {
      self.init(GaussHermite(use.nodes), dimensions: d)
    } else {
      self.init(pairs: use.pairs, dimensions: d, key: RandomKey(seed: 0).folding(.evaluation).folding(use.rawValue))
    }
  }
}
