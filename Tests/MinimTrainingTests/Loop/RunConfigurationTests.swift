import MinimConfiguration
import MinimNN
import MinimTraining
import Testing

/// Configs as users get them wrong: where the fault is, and what is said of it.
@Suite struct RunConfigurationTests {
  /// What is wrong with a config, each problem as `line:column path: message`.
  private static func problems(_ text: String, _ overrides: [String] = []) throws -> [String] {
    do {
      _ = try Experiment(
        ConfigurationSource(texts: [("c.json", text)], overrides: overrides), models: SmallRun.models)
      return []
    } catch let errors as ConfigurationErrors {
      #expect(errors.exit == .badConfiguration)
      return errors.problems.map { problem in
        switch problem.origin {
        case .file("c.json", 0, let position?): "\(position) \(problem.path): \(problem.message)"
        case .override(let text, _): "\(text) \(problem.path): \(problem.message)"
        default: "nowhere \(problem.path): \(problem.message)"
        }
      }
    }
  }

  /// One wrong config, on one line unless it shows the place, and the beginning of what is said.
  struct Wrong: Sendable, CustomTestStringConvertible {
    let text: String
    let expected: String
    init(_ text: String, _ expected: String) {
      self.text = text
      self.expected = expected
    }
    var testDescription: String { text }
  }

  static let wrong = [
    // Keys that are unknown.
    Wrong(#"{"seeds": 1}"#, #"1:2 seeds: unknown key. Did you mean "seed"?"#),
    Wrong(
      "{\n  \"optimizer\": {\n    \"learning_rat\": 1 } }",
      #"3:5 optimizer.learning_rat: unknown key. Did you mean "optimizer.learningRate"?"#),
    Wrong(#"{"model": {"chanels": 8}}"#, #"1:12 model.chanels: unknown key. Did you mean "model.channels"?"#),
    Wrong(#"{"batch": {"exmaples": 8}}"#, #"1:12 batch.exmaples: unknown key. Did you mean "batch.examples"?"#),
    Wrong(#"{"data": {"hieght": 3}}"#, #"1:11 data.hieght: unknown key. Did you mean "data.height"?"#),
    Wrong(#"{"trainig": {"steps": 3}}"#, #"1:2 trainig: unknown key. Did you mean "training"?"#),
    Wrong(#"{"steps": 100}"#, #"1:2 steps: unknown key. Did you mean "training.steps"?"#),
    Wrong(#"{"intervals": {"logs": 1}}"#, #"1:16 intervals.logs: unknown key. Did you mean "intervals.log"?"#),
    Wrong(
      #"{"optimizer": {"schedule": {"warmup": 1}}}"#,
      #"1:29 optimizer.schedule.warmup: unknown key. Did you mean "optimizer.schedule.warmUp"?"#),
    Wrong(#"{"optimizer": {"name": "sgd", "beta1": 0.9}}"#, "1:31 optimizer.beta1: unknown key"),
    Wrong(#"{"optimizer": {"weightDecay": 0.01}}"#, "1:16 optimizer.weightDecay: unknown key"),
    Wrong(#"{"optimizer": {"name": "adamw", "nesterov": true}}"#, "1:33 optimizer.nesterov: unknown key"),
    Wrong(#"{"optimizer": {"schedule": {"final": 0.1}}}"#, "1:29 optimizer.schedule.final: unknown key"),
    // Values of another type.
    Wrong(#"{"seed": "7"}"#, #"1:10 seed: expected an integer >= 0, got "7" (string)"#),
    Wrong(#"{"batch": {"examples": "64"}}"#, #"1:24 batch.examples: expected an integer 1...65536, got "64" (string)"#),
    Wrong(#"{"batch": 64}"#, "1:11 batch: expected an object, got 64 (number)"),
    Wrong(#"{"model": {"masks": "A3"}}"#, #"1:21 model.masks: expected an array of"#),
    Wrong(#"{"model": {"residual": 1}}"#, "1:24 model.residual: expected true or false, got 1 (number)"),
    Wrong(#"{"training": {"steps": 1.5}}"#, "1:24 training.steps: expected an integer 1...1000000000, got 1.5"),
    Wrong(#"{"optimizer": {"learningRate": true}}"#, "1:32 optimizer.learningRate: expected a number"),
    Wrong(#"{"name": 3}"#, "1:10 name: expected a string, got 3 (number)"),
    Wrong(#"{"expect": ["P1"]}"#, "1:12 expect: expected an object, got"),
    // Values out of range.
    Wrong(#"{"seed": -1}"#, "1:10 seed: expected an integer >= 0, got -1"),
    Wrong(#"{"training": {"steps": 0}}"#, "1:24 training.steps: expected an integer 1...1000000000, got 0"),
    Wrong(#"{"training": {"clipNorm": -1}}"#, "1:27 training.clipNorm: expected a number 0"),
    Wrong(#"{"optimizer": {"learningRate": 0}}"#, "1:32 optimizer.learningRate: expected a number > 0"),
    Wrong(#"{"optimizer": {"beta1": 1}}"#, "1:25 optimizer.beta1: expected a number 0...0.999999, got 1"),
    Wrong(
      #"{"optimizer": {"name": "sgd", "momentum": 1}}"#, "1:43 optimizer.momentum: expected a number -0.99999...0.99999"
    ),
    Wrong(#"{"data": {"height": 15}}"#, "1:21 data.height: expected an integer 1...14, got 15"),
    Wrong(#"{"model": {"channels": 0}}"#, "1:24 model.channels: expected an integer 1...4096, got 0"),
    Wrong(#"{"intervals": {"log": 0}}"#, "1:23 intervals.log: expected an integer 1...1000000000, got 0"),
    Wrong(#"{"samples": 0}"#, "1:13 samples: expected an integer 1...10000, got 0"),
    // Names that nothing has.
    Wrong(#"{"precision": "float23"}"#, #"1:15 precision: expected one of"#),
    Wrong(#"{"optimizer": {"name": "adamx"}}"#, #"1:24 optimizer.name: expected one of"#),
    Wrong(#"{"model": {"name": "pixelcn"}}"#, #"1:20 model.name: expected one of"#),
    Wrong(#"{"data": {"distribution": "both"}}"#, #"1:27 data.distribution: expected one of"#),
    Wrong(#"{"expect": {"P1": "fail"}}"#, #"1:19 expect.P1: expected one of"#),
    Wrong(#"{"optimizer": {"averageDecay": 1}}"#, "1:32 optimizer.averageDecay: expected a number 0...0.999999, got 1"),
    // Values that do not go together.
    Wrong(
      #"{"optimizer": {"name": "sgd", "nesterov": true}}"#,
      #"1:31 optimizer.nesterov: expected false if the momentum is 0. Set "momentum", usually to 0.9"#),
    Wrong(
      #"{"batch": {"examples": 65}}"#,
      #"1:12 batch.examples: expected at most the 62 examples of the data, got 65. Or set "drawing": "independent""#),
    Wrong(
      #"{"batch": {"examples": 4, "shards": 5}}"#,
      "1:27 batch.shards: expected at most the 4 examples of a batch, got 5"),
    Wrong(
      #"{"model": {"masks": ["A7", "B4"]}}"#,
      #"1:28 model.masks[1]: "B4": kernel size must be odd for a masked convolution (3, 5, 7)"#),
    Wrong(#"{"model": {"masks": ["C3"]}}"#, #"1:22 model.masks[0]: "C3" is not a mask; write A or B"#),
    Wrong(#"{"model": {"masks": []}}"#, "1:21 model.masks: expected an array of 1...64"),
    Wrong(
      #"{"model": {"masks": ["B3", "B3"]}}"#, "1:12 model.masks: the stack B3,B3 residual lets a pixel see itself"),
    Wrong(#"{"model": {"masks": ["B1", "A3"]}}"#, "1:12 model.masks: the stack B1,A3 residual lets a pixel see itself"),
    Wrong(#"{"name": "a/b"}"#, "1:2 name: expected 1 to 64 letters, digits, dots, dashes or underscores"),
    Wrong(#"{"name": ".hidden"}"#, "1:2 name: expected 1 to 64 letters"),
    Wrong(#"{"name": ""}"#, "1:2 name: expected 1 to 64 letters"),
    Wrong(#"{"name": "Bücher"}"#, "1:2 name: expected 1 to 64 letters"),
  ]

  @Test("a wrong config is refused where it is wrong", arguments: wrong)
  func wrongConfigs(_ wrong: Wrong) throws {
    let problems = try Self.problems(wrong.text)
    #expect(problems.count == 1, "\(problems)")
    #expect(problems.first?.hasPrefix(wrong.expected) == true, "\(problems)")
  }

  @Test func everyProblemIsToldAtOnce() throws {
    let text = """
      {
        "name": "a b",
        "model": { "masks": ["A3", "B2"], "channels": "8" },
        "batch": { "examples": 100 },
        "optimizer": { "learningRte": 0.1 },
        "training": { "steps": 0 }
      }
      """
    let places = try Self.problems(text, ["seed=x", "data.width=0"]).map {
      $0.prefix { $0 != " " } + " " + $0.split(separator: " ")[1]
    }
    #expect(
      places == [
        "2:3 name:", "3:30 model.masks[1]:", "3:49 model.channels:", "4:14 batch.examples:",
        "5:18 optimizer.learningRte:", "6:26 training.steps:", "seed=x seed:", "data.width=0 data.width:",
      ])
  }

  @Test("what could be had and what cannot: a batch larger than the memory")
  func memory() throws {
    let text =
      #"{"model": {"channels": 4096}, "data": {"height": 14, "width": 14}, "#
      + #""batch": {"examples": 65536, "drawing": "independent", "shards": 1}}"#
    let problems = try Self.problems(text)
    #expect(problems.count == 1)
    let message = try #require(problems.first)
    #expect(message.hasPrefix("1:78 batch.examples: a step of 65,536 examples in 1 shard would need "), "\(message)")
    #expect(message.contains(" GiB; this machine has ") && message.contains("Fewer examples"))
  }

  @Test func rightConfigs() throws {
    for text in [
      "{}", #"{"model": {"masks": ["B3", "B3"], "allowLeak": true}}"#,
      #"{"model": {"masks": ["B1", "A3"], "residual": false}}"#,
      #"{"batch": {"examples": 100, "drawing": "independent"}}"#, #"{"name": "a-B_3.x"}"#,
      #"{"optimizer": {"name": "sgd", "momentum": 0.9, "nesterov": true, "weightDecay": 0.1}}"#,
      #"{"optimizer": {"name": "adamw", "weightDecay": 0.1, "averageDecay": 0.99}}"#, #"{"$schema": "minim.json"}"#,
      #"{"data": {"distribution": "generator", "height": 2, "width": 1}}"#,
    ] { #expect(try Self.problems(text) == [], "\(text)") }
  }

  @Test func defaults() throws {
    let configuration = try Experiment(ConfigurationSource(texts: [("c.json", "{}")]), models: SmallRun.models)
      .configuration
    #expect(configuration.modelName == "pixelcnn" && configuration.seed == 0 && configuration.precision == .float32)
    #expect(configuration.batch.examples == 62 && configuration.batch.shards == 4)
    #expect(configuration.clipNorm == nil && configuration.expectedFailures.isEmpty)
    #expect(configuration.steps == 1000 && configuration.schedule.rate(step: 1000) == 1e-3)
  }

  @Test func optimizers() throws {
    func optimizer(_ overrides: [String]) throws -> any Optimizer {
      try SmallRun.experiment(overrides).configuration.optimizer
    }
    let adam = try #require(try optimizer([]) as? Adam)
    #expect(adam.weightDecay == 0 && adam.beta1 == 0.9)
    let adamw = try #require(try optimizer(["optimizer.name=adamw", "optimizer.beta1=0.8"]) as? Adam)
    #expect(adamw.weightDecay == 0.01 && adamw.beta1 == 0.8)
    let sgd = try #require(
      try optimizer(["optimizer.name=sgd", "optimizer.momentum=0.9", "optimizer.nesterov=true"]) as? SGD)
    #expect(sgd.momentum == 0.9 && sgd.nesterov && sgd.weightDecay == 0)
    let averaged = try #require(
      try optimizer(["optimizer.name=adamw", "optimizer.averageDecay=0.99"]) as? Averaged)
    #expect(averaged.decay == 0.99 && (averaged.base as? Adam)?.weightDecay == 0.01)
  }

  @Test("the config's hash covers what can change a result, and nothing else")
  func hash() throws {
    func hash(_ overrides: [String]) throws -> String { try SmallRun.experiment(overrides).configHash }
    let plain = try hash([])
    for same in [
      "name=x", "intervals.log=1", "intervals.keepLast=1", "samples=5", #"expect={"P1":"fails"}"#, "seed=5", "seed=5e0",
    ] { #expect(try hash([same]) == plain, "\(same)") }
    let others = [
      "seed=6", "precision=float64", "gemm=openblas", "model.channels=9", "model.residual=false", "data.height=4",
      "batch.examples=6", "batch.shards=3", "training.steps=61", "training.clipNorm=1", "optimizer.beta2=0.99",
      "optimizer.name=adamw", "optimizer.averageDecay=0.5",
      "optimizer.schedule.warmUp=6", "batch.drawing=independent",
    ]
    let hashes = try others.map { try hash([$0]) }
    #expect(Set(hashes + [plain]).count == others.count + 1)
  }

  @Test func theResolvedConfigReadsAsItself() throws {
    let experiment = try SmallRun.experiment(["seed=9"])
    let again = try Experiment(
      ConfigurationSource(texts: [("config.json", experiment.resolved.pretty)]), models: SmallRun.models)
    #expect(again.resolved == experiment.resolved)
    #expect(again.configHash == experiment.configHash)
    #expect(experiment.sources["seed"] == "override")
    #expect(experiment.sources["model.channels"] == "file small.json:4:57")
    #expect(experiment.sources["precision"] == "default")
  }
}
