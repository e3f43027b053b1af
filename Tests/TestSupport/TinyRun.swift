/// A run of one model, so small that its training takes milliseconds.
package struct TinyRun: Sendable, CustomStringConvertible {
  /// The model's name in a config.
  package let name: String
  private let model: String
  private let data: String

  package var description: String { name }

  private init(_ name: String, _ model: String, _ data: String) { (self.name, self.model, self.data) = (name, model, data) }

  /// The text of its config. It logs, saves and draws often, so that kills and faults meet all of that.
  ///
  /// - Parameters:
  ///   - steps: the steps of training.
  ///   - batch: the section "batch".
  package func config(steps: Int = 6, batch: String = #"{"examples":1,"shards":1}"#) -> String {
    """
    {"name":"tiny","model":{"name":"\(name)",\(model)},"data":{\(data)},"batch":\(batch),"samples":1,
     "training":{"steps":\(steps)},"optimizer":{"name":"sgd","learningRate":0.01},
     "intervals":{"log":1,"checkpoint":2,"samples":3,"diagnostics":2,"keepLast":9}}
    """
  }

  /// A run of each model; a test asks for those that are new.
  package static let all: [TinyRun] = [
    TinyRun("pixelcnn", #""masks":["A3","B3"],"channels":2,"pointwiseLayers":0"#, bars),
    TinyRun("vae", #""latent":1,"encoder":[3],"decoder":[3],"likelihood":"bernoulli""#, bars),
    TinyRun("realnvp", #""couplings":2,"hidden":[4]"#, ring),
    TinyRun("forward-reverse", #""couplings":2,"hidden":[4]"#, ring),
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
}
