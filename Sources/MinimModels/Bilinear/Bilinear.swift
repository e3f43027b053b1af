import MinimAutodiff
import MinimKernels
import MinimNN

/// The bilinear game V = d^T M g: the critic d ascends, the generator g descends. It is a GAN whose critic is linear,
/// d^T M x, and whose generator shifts noise of mean 0 by g, with data of mean 0. It is also the smallest game that
/// shows how the dynamics of a GAN differ from descent (Gidel et al. 2019, "A Variational Inequality Perspective on
/// Generative Adversarial Networks", section 2.2). Its only stationary points are where M g = 0 and M^T d = 0: saddles
/// of V.
public struct Bilinear: Sendable {
  /// The configuration.
  public let configuration: BilinearConfiguration
  /// "critic" and "generator", each [n].
  public let parameters: ParameterLayout

  let critic: Tensor, generator: Tensor

  /// Creates the game with its parameters in `scope`.
  public init(_ configuration: BilinearConfiguration, _ scope: ParameterScope = .init()) {
    self.configuration = configuration
    let shape = [configuration.n]
    critic = scope.parameter("critic", shape: shape, .values(configuration.critic))
    generator = scope.parameter("generator", shape: shape, .values(configuration.generator))
    parameters = scope.layout
  }

  /// The number of values of each player.
  var n: Int { configuration.n }

  /// The matrix M.
  var matrix: Matrix { Matrix(n: n, configuration.matrix) }

  /// The initial values: the critic's, then the generator's.
  var start: [Double] { configuration.critic + configuration.generator }

  /// The players of a parameter vector, the critic first.
  func players(_ vector: ParameterVector) -> [Double] { parameters.entries.flatMap { vector[$0] } }

  /// V, of one element.
  var value: Tensor {
    let m = Tensor.constant(configuration.matrix, shape: [n, n])
    return (critic * matmul(m, generator.reshape([n, 1])).reshape([n])).sum()
  }

  /// The singular values of M, the largest first.
  ///
  /// - Throws: `KernelError` if LAPACK does not converge.
  func singularValues() throws -> [Double] { try LAPACK.singularValues(configuration.matrix, n: n) }
}
