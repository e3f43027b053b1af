import MinimAutodiff
import MinimNN

/// Encoders of several widths for one fixed decoder: the family's loss is then the same for all of them, and they
/// differ only in the amortization gap (Cremer, Li and Duvenaud 2018, section 5.3).
public struct EncoderSweep: Sendable {
  /// Adam's steps for each encoder, and the rate of the first; the rate falls to zero.
  public let steps: Int, rate: Double
  /// The number of examples per step.
  public let examples: Int

  /// Creates a sweep that trains each encoder for `steps` steps.
  public init(steps: Int = 2000, rate: Double = 2e-3, examples: Int = 128) {
    self.steps = steps
    self.rate = rate
    self.examples = examples
  }

  /// The model of the trained decoder with a new encoder of two hidden layers of one width, trained alone.
  ///
  /// - Throws: `KernelError` if there is not enough memory, `NonFiniteStep` if training does not stay finite.
  public func encoder(width: Int, of vae: VAE, _ trained: Trained) throws -> (VAE, Trained) {
    var configuration = vae.configuration
    configuration.encoder = [width, width]
    let model = VAE(
      configuration, exampleShape: vae.exampleShape, scaling: vae.scaling,
      likelihood: ParameterScope(fixedAt: trained.parameters))
    let vector = try ParameterVector(model.parameters, precision: trained.parameters.precision)
    vector.initialize(seed: trained.seed)
    let rule = UpdateRule(
      optimizer: Adam(), schedule: Schedule(shape: .cosine, peak: rate, steps: steps), steps: steps)
    try Trainer(vector, rule, like: trained, batch: examples) { model.objective(Batch(count: $0, of: trained.data)) }
      .run()
    return (model, trained.with(vector))
  }
}
