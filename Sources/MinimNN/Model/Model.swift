import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimParallel

/// A generative model: parameters, what to minimize, and what its theory says of the result. A final value; its
/// configuration and parameters are given to its initializer.
public protocol Model: Sendable {
  /// What the model asked its scope for.
  var parameters: ParameterLayout { get }

  /// What training minimizes, for a batch.
  func objective(_ batch: Batch) -> Objective

  /// The loss of each example, [count], whose mean is the objective: what is measured on data that are held out. Nil where
  /// an objective is no such mean.
  func losses(_ batch: Batch) -> Tensor?

  /// What a loss is made of, each [count] in its unit: curves of their own beside the loss on data that are held out.
  func parts(_ batch: Batch) -> [(name: String, value: Tensor)]

  /// Samples of the trained model to look at.
  ///
  /// - Throws: `KernelError` if there is not the memory.
  func samples(_ count: Int, from trained: Trained) throws -> Samples

  /// Figures of the trained model on its data, in the order of their report.
  ///
  /// - Parameters:
  ///   - trained: the parameters, and what to compute with.
  ///   - exact: also what takes minutes.
  /// - Throws: `KernelError` if there is not the memory.
  func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation

  /// The theorems of the model, checked on its trained parameters.
  ///
  /// - Throws: `KernelError` if there is not the memory.
  func claims(_ trained: Trained) throws -> [Claim]

  /// Pictures of the trained model beside its samples.
  ///
  /// - Throws: `KernelError` if there is not the memory.
  func pictures(_ trained: Trained) throws -> [Picture]

  /// What shows that training goes wrong though its loss does not: looked at now and then along a run. Nil where there is
  /// nothing to look at.
  ///
  /// - Throws: `KernelError` if there is not the memory.
  func diagnostics(_ trained: Trained) throws -> Diagnostics?
}

extension Model {
  /// No parts.
  public func parts(_ batch: Batch) -> [(name: String, value: Tensor)] { [] }

  /// No other picture.
  public func pictures(_ trained: Trained) throws -> [Picture] { [] }

  /// None.
  public func diagnostics(_ trained: Trained) throws -> Diagnostics? { nil }
}

extension Model {
  /// The loss of each example of a data set, in the parameters' precision; empty where an example has none.
  ///
  /// - Throws: `KernelError` if there is not the memory.
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
  /// [count, ...]: the extents of an example follow.
  public let examples: Tensor
  /// [count, classes], each row with a single 1; nil where there are no classes.
  public let labels: Tensor?
  /// [count]: which row of the data each example is. Parameters of each example, as of a variational posterior without an
  /// encoder (Hoffman, Blei, Wang and Paisley 2013, "Stochastic Variational Inference"), are a parameter with one row an
  /// example of the data, [rows, ...], and `parameter.gather(batch.indices)` those of the batch. The mean over a batch gives
  /// the row of an example the gradient of its own loss over the size of the batch, and every other row 0. In Float there may
  /// be 2^24 rows: more cannot be told apart.
  public let indices: Tensor
  /// [1]: the number of the step, from 1: what an annealed objective is a function of. In Float it is exact up to 2^24, and
  /// rounded to the nearest Float from there on. It belongs to training alone: evaluations have no step, so that `losses` and
  /// `parts` must not depend on it.
  public let step: Tensor

  /// The name of the input that holds the examples.
  public static let inputName = "examples"
  /// The name of the input that holds the labels.
  public static let labelName = "labels"
  /// The name of the input that holds the rows of the data that the examples are.
  public static let indexName = "indices"
  /// The name of the input that holds the number of the step.
  public static let stepName = "step"

  /// A batch of `count` examples of the given extents.
  public init(count: Int, exampleShape: [Int], classes: Int = 0) {
    self.count = count
    examples = .input(Self.inputName, shape: [count] + exampleShape)
    labels = classes > 0 ? .input(Self.labelName, shape: [count, classes]) : nil
    indices = .input(Self.indexName, shape: [count])
    step = .input(Self.stepName, shape: [1])
  }

  /// A batch of `count` examples of some data.
  public init(count: Int, of data: DataSplit) {
    self.init(count: count, exampleShape: data.exampleShape, classes: data.classes)
  }
}

/// A model's parameters after training, with what is needed to compute with them.
public struct Trained: Sendable {
  /// The parameters after training.
  public let parameters: ParameterVector
  /// The data that they were trained on, and what was held out.
  public let data: DataSplit
  /// The threads to compute with.
  public let pool: WorkerPool
  /// The kernels to compute with.
  public let level: KernelLevel
  /// What draws are a function of.
  public let seed: UInt64
  /// How a run has trained them; nil where it is not known.
  public var rule: UpdateRule?

  /// Parameters with what is needed to compute with them.
  public init(
    parameters: ParameterVector, data: DataSplit, pool: WorkerPool, level: KernelLevel, seed: UInt64,
    rule: UpdateRule? = nil
  ) {
    self.rule = rule
    self.parameters = parameters
    self.data = data
    self.pool = pool
    self.level = level
    self.seed = seed
  }

  /// The same with other parameters.
  public func with(_ parameters: ParameterVector) -> Trained {
    Trained(parameters: parameters, data: data, pool: pool, level: level, seed: seed, rule: rule)
  }

  /// The values of expressions of the parameters and of some inputs, computed in Double: for samples, claims and notebooks,
  /// not for loops.
  ///
  /// - Parameters:
  ///   - tensors: what is wanted.
  ///   - inputs: values in row-major order, by the inputs' names.
  /// - Returns: the values of each tensor in row-major order.
  /// - Throws: `KernelError` if there is not the memory.
  public func values(of tensors: [Tensor], inputs: [String: [Double]] = [:]) throws -> [[Double]] {
    try evaluate(
      tensors, parameters: parameters.values, inputs: inputs,
      kernels: KernelTable(level: level, precision: .float64))
  }

  /// The same with the parameters in Double: for what is checked beyond the digits of Float.
  ///
  /// - Throws: `KernelError` if there is not the memory.
  public func inDouble() throws -> Trained {
    parameters.precision == .float64 ? self : with(try parameters.converted(to: .float64))
  }
}
