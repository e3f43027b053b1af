/// A run of milliseconds with everything that a long one has, of each model.
package struct TinyRun: Sendable, CustomStringConvertible {
  /// The name of the model.
  package let model: String
  /// The other keys of the section "model", and the section "data".
  private let keys: String, data: String

  private init(_ model: String, _ keys: String, _ data: String) {
    (self.model, self.keys, self.data) = (model, keys, data)
  }

  package var description: String { model }
  /// Whether it learns from examples, of which a batch may have several.
  package var hasExamples: Bool { data != Self.none }

  package static let all = [
    TinyRun("pixelcnn", #""masks":["A3","B3"],"channels":2,"pointwiseLayers":0"#, bars),
    TinyRun("vae", #""latent":1,"encoder":[3],"decoder":[3],"likelihood":"bernoulli""#, bars),
    TinyRun("realnvp", #""couplings":2,"hidden":[4]"#, ring),
    TinyRun("forward-reverse", #""couplings":2,"hidden":[4]"#, ring),
    TinyRun("flow-matching", #""hidden":[4],"frequencies":1,"steps":4"#, ring),
    TinyRun("diffusion", #""hidden":[4],"frequencies":1,"steps":4,"path":"betaLinear","predict":"noise""#, ring),
    TinyRun("fixed-q", #""learn":"bias","start":-2"#, factor),
    TinyRun("bilinear", #""matrix":[1],"critic":[1],"generator":[0.5]"#, none),
    TinyRun("gan", #""latent":2,"generator":[4],"critic":[4],"activation":"tanh""#, ring),
    TinyRun("dirac-gan", #""gradientPenalty":0.5"#, none),
    TinyRun("simsiam", #""hidden":[6],"outputs":4,"predictorHidden":[3]"#, bars),
    TinyRun("simsiam-variants", #""hidden":[6],"outputs":4,"predictorHidden":[3]"#, bars),
    TinyRun("simsiam-linear", #""encoderStart":[0.9,0.1,0.2,0,0.8,-0.1]"#, none),
  ]
  private static let bars = #""name":"barsAndStripes","height":3,"width":3"#, none = #""name":"none""#
  private static let ring = #""name":"ring","rows":40"#
  private static let factor =
    #""name":"linearGaussian","inputs":1,"latent":1,"weights":[1],"bias":[0.7],"variance":1,"rows":12"#

  /// The run of a model, which must be one of ``all``.
  package static func named(_ model: String) -> TinyRun {
    guard let run = all.first(where: { $0.model == model }) else { fatalError("a test names no model: \(model)") }
    return run
  }

  /// The text of its config, with a checkpoint every other step, or 50 in a longer run, and with samples and diagnostics.
  ///
  /// - Parameters:
  ///   - steps: the steps of training.
  ///   - batch: the section "batch".
  package func config(steps: Int = 6, batch: String = #"{"examples":1,"shards":1}"#) -> String {
    """
    {"model":{"name":"\(model)",\(keys)},"data":{\(data)},"batch":\(batch),"samples":1,
     "training":{"steps":\(steps)},"optimizer":{"name":"sgd","learningRate":0.001},
     "intervals":{"log":1,"checkpoint":\(max(2, steps / 50)),"samples":\(steps / 2),"diagnostics":2,"keepLast":9}}
    """
  }
}
