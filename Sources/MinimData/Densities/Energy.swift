import MinimConfiguration
import MinimKernels

/// The energies in the plane that a config can name: table 1 of Rezende and Mohamed 2015, "Variational Inference with
/// Normalizing Flows".
public enum EnergyName: String, CaseIterable, Sendable {
  /// A ring of two halves.
  case u1
  /// A wave.
  case u2
  /// A wave that splits into two and closes again.
  case u3
  /// A wave that splits into two for good.
  case u4
}

/// p(x) = exp(-U(x)) / Z in the plane, for models that need a density and no sample.
///
/// In the published form only U1 has a finite Z. The others continue along x1 forever: exp(-U) over a box twice as long has
/// twice the mass, and there is no density. Here they have an additional term x1^2 / (2 c^2), where c is the
/// `confinement`. It leaves every slice x1 = const as it is and makes x1 a normal of deviation c. Each slice is one or
/// two normals of known widths, so Z has a closed form.
public struct Energy: Density {
  /// The energy's name in the table.
  public let energy: EnergyName
  /// c; nil for U1, which needs none.
  public let confinement: Double?
  /// ln Z, in nats.
  public let logPartition: Double

  /// Z of U1 is 6.53715219280060672; its logarithm, by Gauss and Legendre's rule along the radius and the trapezoid rule
  /// around it, with 30 digits.
  private static let logPartitionU1 = 1.8775016261097078

  /// - Parameters:
  ///   - energy: the energy's name.
  ///   - confinement: positive; ignored for U1.
  public init(_ energy: EnergyName, confinement: Double = 2) {
    precondition(confinement > 0, "an energy is confined to a positive width, not \(confinement)")
    self.energy = energy
    self.confinement = energy == .u1 ? nil : confinement
    // The integral over x1 and those over the normals of a slice: each is sqrt(2 pi) times a deviation.
    func confined(_ deviations: Double) -> Double { Elementary.log(2 * Double.pi * confinement * deviations) }
    switch energy {
    case .u1: logPartition = Self.logPartitionU1
    case .u2: logPartition = confined(0.4)
    case .u3: logPartition = confined(0.35 + 0.35)
    case .u4: logPartition = confined(0.4 + 0.35)
    }
  }

  /// Reads the section "data" of a config: the energy and, for those that need it, the confinement.
  public init(_ section: ConfigurationSection) {
    let energy = section.choice("energy", default: EnergyName.u1, "The energy, from table 1 of Rezende and Mohamed.")
    guard energy != .u1 else {
      self.init(energy)
      return
    }
    self.init(
      energy,
      confinement: section.number(
        "confinement", default: 2, in: 0.5...5,
        "The standard deviation of the first value: without one the energy has infinite mass."))
  }

  /// -ln of the density up to ln Z, in nats: U as published, and the confining term.
  public func value(_ x: [Double]) -> Double { value(x[0], x[1]) }

  /// U of table 1, in nats.
  public func published(_ x: [Double]) -> Double { published(x[0], x[1]) }

  /// The value of numbers or of expressions.
  package func value<N: FormulaNumber>(_ x: N, _ y: N) -> N {
    guard let confinement else { return published(x, y) }
    return published(x, y) + Self.square(x, confinement)
  }

  private func published<N: FormulaNumber>(_ x: N, _ y: N) -> N {
    switch energy {
    case .u1:
      // A tiny term, so that the slope at the origin, where there is none, is not 0 / 0.
      let radius = N.root(x * x + y * y + 1e-30)
      return Self.square(radius - 2, 0.4) - N.logSum(-Self.square(x - 2, 0.6), -Self.square(x + 2, 0.6))
    case .u2: return Self.square(wave(x, y), 0.4)
    case .u3:
      let (wave, split) = (wave(x, y), N.exp(-Self.square(x - 1, 0.6)) * 3)
      return -N.logSum(-Self.square(wave, 0.35), -Self.square(wave + split, 0.35))
    case .u4:
      let (wave, split) = (wave(x, y), N.sigmoid((x - 1) * (1 / 0.3)) * 3)
      return -N.logSum(-Self.square(wave, 0.4), -Self.square(wave + split, 0.35))
    }
  }

  /// x2 - w1(x1), and w1 = sin(2 pi x1 / 4).
  private func wave<N: FormulaNumber>(_ x: N, _ y: N) -> N { y - N.sin(x * (Double.pi / 2)) }

  /// -U(x) - ln Z, in nats.
  public func logProb(_ x: [Double]) -> Double { -value(x) - logPartition }

  /// The name in reports.
  public var name: String {
    let published = "energy \(energy.rawValue.uppercased()) of Rezende and Mohamed"
    return confinement.map { "\(published), confined to \($0)" } ?? published
  }
  /// The number of dimensions: a plane.
  public var dimensions: Int { 2 }
  /// Eight deviations around the minimum of the energy.
  public var bounds: [ClosedRange<Double>] { box(8) }
  /// Three deviations around the minimum of the energy.
  public var window: [ClosedRange<Double>] { box(3) }

  /// Waves are narrower along x1 than along x2 by their slope, which is at most that of the split.
  public var cells: [Int] {
    let steps: [Double] =
      switch energy {
      case .u1: [0.05, 0.05]
      case .u2: [0.06, 0.08]
      case .u3, .u4: [0.03, 0.06]
      }
    return Self.cells(of: bounds, steps: steps)
  }

  /// A box of `deviations` around the minimum of the energy.
  private func box(_ deviations: Double) -> [ClosedRange<Double>] {
    let along = deviations * (confinement ?? 0)
    switch energy {
    case .u1:
      let reach = 2 + 0.4 * deviations
      return [-reach...reach, -reach...reach]
    case .u2: return [-along...along, -1 - 0.4 * deviations...1 + 0.4 * deviations]
    case .u3, .u4: return [-along...along, -4 - 0.4 * deviations...1 + 0.4 * deviations]
    }
  }

  /// (x / deviation)^2 / 2.
  private static func square<N: FormulaNumber>(_ x: N, _ deviation: Double) -> N {
    x * x * (1 / (2 * deviation * deviation))
  }
}
