import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimParallel

/// A generative model: its parameters, its objective, and what theory says about the result. A final value; its
/// configuration and parameters are given to its initializer. A first model needs its parameters and its objective; all else
/// has a default.
public protocol Model: Sendable {
  /// The parameters that the model asked its scope for.
  var parameters: ParameterLayout { get }

  /// Whether the config says where the parameters start, and claims follow them from there: a run of such a model cannot
  /// start from the parameters of another run.
  var definesStart: Bool { get }

  /// Whether the model is one of examples given their class.
  var isConditional: Bool { get }

  /// The quantity that training minimizes, for a batch.
  func objective(_ batch: Batch) -> Objective

  /// What the examples of a step are paired with; nil if they come as they are. A model of examples given their class has none:
  /// draws would depend on the class.
  var pairing: Pairing? { get }

  /// What the model took from its examples when it was made, by name, if it needs that to draw samples. A run keeps it, and
  /// `DataSplit.constants` gives it back where the examples are not at hand.
  var constants: [String: [Double]] { get }

  /// The loss of each example, [count], whose mean is the objective; measured on held-out data. Nil if the objective is
  /// not such a mean.
  func losses(_ batch: Batch) -> Tensor?

  /// The unit of the objective and of its parts, such as nats; nil if they have none.
  var lossUnit: String? { get }

  /// The parts of a loss, each [count]. They get curves of their own on held-out data.
  func parts(_ batch: Batch) -> [(name: String, value: Tensor)]

  /// Samples of the trained model to look at.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  func samples(_ count: Int, from trained: Trained) throws -> Samples

  /// The samples that a request asks for.
  ///
  /// - Throws: `SampleRequestError` if the model cannot meet it, `KernelError` if there is not enough memory.
  func samples(_ request: SampleRequest, from trained: Trained) throws -> Samples

  /// log p(x) of each example, or the best estimate that the model has; nil if there is none.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  func logProbs(of data: Dataset, _ trained: Trained) throws -> LogProbs?

  /// Metrics of the trained model on its data, in the order of their report.
  ///
  /// - Parameters:
  ///   - trained: the parameters, and all that is needed to compute with them.
  ///   - exact: whether to include what takes minutes.
  /// - Throws: `KernelError` if there is not enough memory.
  func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation

  /// The theorems of the model, checked on its trained parameters.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  func claims(_ trained: Trained) throws -> [Claim]

  /// Pictures of the trained model in addition to its samples.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  func pictures(_ trained: Trained) throws -> [Picture]

  /// Signs that training goes wrong although its loss does not show it, evaluated now and then during a run. Nil if the
  /// model has none.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  func diagnostics(_ trained: Trained) throws -> Diagnostics?
}

extension Model {
  /// Returns false.
  public var definesStart: Bool { false }

  /// Returns false.
  public var isConditional: Bool { false }

  /// Returns nil.
  public var pairing: Pairing? { nil }

  /// Returns nothing.
  public var constants: [String: [Double]] { [:] }

  /// Returns nil: examples have no losses of their own, so none are held out for validation.
  public func losses(_ batch: Batch) -> Tensor? { nil }

  /// Returns no samples.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    Samples([Double](), of: trained.data)
  }

  /// Returns samples without a class and with nothing given.
  ///
  /// - Throws: `SampleRequestError` if the request asks for more.
  public func samples(_ request: SampleRequest, from trained: Trained) throws -> Samples {
    try request.require(isConditional: false, completes: false)
    return try samples(request.count, from: trained)
  }

  /// Returns nil.
  public func logProbs(of data: Dataset, _ trained: Trained) throws -> LogProbs? { nil }

  /// Returns no metrics.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation { Evaluation([]) }

  /// Returns no claims.
  public func claims(_ trained: Trained) throws -> [Claim] { [] }

  /// Returns nil.
  public var lossUnit: String? { nil }

  /// Returns no parts.
  public func parts(_ batch: Batch) -> [(name: String, value: Tensor)] { [] }

  /// Returns no other picture.
  public func pictures(_ trained: Trained) throws -> [Picture] { [] }

  /// Returns no diagnostics.
  public func diagnostics(_ trained: Trained) throws -> Diagnostics? { nil }
}

extension Model {
  /// The loss of each example of a data set, in the parameters' precision; empty if examples have no loss.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  public func losses(of data: Dataset, _ trained: Trained) throws -> [Double] {
    let chunk = max(1, min(256, data.count))
    let batch = Batch(count: chunk, exampleShape: data.exampleShape, classes: data.classes)
    guard let losses = losses(batch) else { return [] }
    return try RowEvaluator([("loss", losses)], chunk: chunk, trained).values(of: data)["loss"]
  }
}

/// The examples of one shard as an expression sees them.
public struct Batch: Sendable {
  /// The number of examples.
  public let count: Int
  /// [count, ...], followed by the extents of an example.
  public let examples: Tensor
  /// [count, classes], each row with a single 1; nil if there are no classes.
  public let labels: Tensor?
  /// [count], the row of each example in the data. Parameters per example, such as a variational posterior without an
  /// encoder (Hoffman, Blei, Wang and Paisley 2013, "Stochastic Variational Inference"), are one parameter with one row
  /// per example of the data, [rows, ...]; `parameter.gather(batch.indices)` selects those of the batch. The mean over
  /// a batch gives the row of an example the gradient of its own loss divided by the size of the batch, and every other
  /// row 0. In Float there may be 2^24 rows: more cannot be distinguished.
  public let indices: Tensor
  /// [1], the number of the step, from 1, for an annealed objective. In Float it is exact up to 2^24, and rounded to
  /// the nearest Float above. It belongs to training alone: evaluations have no step, so `losses` and `parts` must not
  /// depend on it.
  public let step: Tensor

  /// The name of the input that holds the examples.
  public static let inputName = "examples"
  /// The name of the input that holds the labels.
  public static let labelName = "labels"
  /// The name of the input that holds the rows of the data that the examples are.
  public static let indexName = "indices"
  /// The name of the input that holds the number of the step.
  public static let stepName = "step"

  /// Creates a batch of `count` examples of the given extents.
  public init(count: Int, exampleShape: [Int], classes: Int = 0) {
    self.count = count
    examples = .input(Self.inputName, shape: [count] + exampleShape)
    labels = classes > 0 ? .input(Self.labelName, shape: [count, classes]) : nil
    indices = .input(Self.indexName, shape: [count])
    step = .input(Self.stepName, shape: [1])
  }

  /// Creates a batch of `count` examples of some data.
  public init(count: Int, of data: DataSplit) {
    self.init(count: count, exampleShape: data.exampleShape, classes: data.classes)
  }
}

/// A model's parameters after training, and all that is needed to compute with them.
public struct Trained: Sendable {
  /// The parameters after training.
  public let parameters: ParameterVector
  /// The training data, and what was held out.
  public let data: DataSplit
  /// The threads to compute with.
  public let pool: WorkerPool
  /// The kernels to compute with.
  public let level: KernelLevel
  /// The seed of draws.
  public let seed: UInt64
  /// The rule by which a run has trained the parameters; nil if unknown.
  public var rule: UpdateRule?
  /// What is being computed, for whoever waits for it.
  public let activity: Activity
  /// The processes that share what `BatchEvaluator` computes for many examples. All of them compute the same, in the same order.
  package var group: any ShardGroup = SingleProcess()

  /// Creates a value from parameters and what is needed to compute with them.
  public init(
    parameters: ParameterVector, data: DataSplit, pool: WorkerPool, level: KernelLevel, seed: UInt64,
    rule: UpdateRule? = nil, activity: Activity = Activity()
  ) {
    self.rule = rule
    self.activity = activity
    self.parameters = parameters
    self.data = data
    self.pool = pool
    self.level = level
    self.seed = seed
  }

  /// A copy with other parameters.
  public func with(_ parameters: ParameterVector) -> Trained {
    var copy = Trained(
      parameters: parameters, data: data, pool: pool, level: level, seed: seed, rule: rule, activity: activity)
    copy.group = group
    return copy
  }

  /// The values of expressions of the parameters and of some inputs, computed in Double: for samples, claims and notebooks,
  /// not for loops.
  ///
  /// - Parameters:
  ///   - tensors: the tensors to evaluate.
  ///   - inputs: values in row-major order, by the inputs' names.
  /// - Returns: the values of each tensor in row-major order.
  /// - Throws: `KernelError` if there is not enough memory.
  public func values(of tensors: [Tensor], inputs: [String: [Double]] = [:]) throws -> [[Double]] {
    try evaluate(
      tensors, parameters: parameters.values, inputs: inputs,
      kernels: KernelTable(level: level, precision: .float64))
  }

  /// A copy with the parameters in Double, for checks beyond the digits of Float.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  public func inDouble() throws -> Trained {
    parameters.precision == .float64 ? self : with(try parameters.converted(to: .float64))
  }
}
