import MinimAutodiff
import MinimFiles
import MinimNN
import MinimTraining

extension InspectionText {
  /// The same with all digits.
  static func json(_ step: InspectedStep, of directory: RunDirectory) -> JSON {
    var json: JSON = ["run": .string(directory.name), "step": .integer(step.step), "from": .integer(step.start)]
    switch step.outcome {
    case .taken(let result):
      json["diverged"] = false
      (json["loss"], json["gradientNorm"]) = (.number(result.loss), .number(result.gradientNorm))
    case .diverged(let bad, let cause):
      json["diverged"] = true
      json["cause"] = .string(cause == .gradient ? "gradient" : "update")
      (json["loss"], json["gradientNorm"]) = (.number(bad.loss), .number(bad.gradientNorm))
      json["value"] = bad.value.map(value) ?? .null
      json["badGradient"] = bad.gradient.map(value) ?? .null
      json["badExamples"] = integers(step.badExamples)
    }
    json["learningRate"] = .number(step.rate)
    json["clipNorm"] = step.clipNorm.map { .number($0) } ?? .null
    json["examples"] = integers(step.examples)
    json["before"] = .array(step.history.map(earlier))
    json["parameters"] = .array(step.parameters.map(parameter))
    json["metrics"] = agreement(step.agreement)
    json["advice"] = .array(step.advice.map { .string($0) })
    return json
  }

  private static func integers(_ values: [Int]) -> JSON { .array(values.map { .integer($0) }) }

  private static func value(_ value: NonFiniteValue) -> JSON {
    [
      "operation": .string(value.operation), "source": value.origin?.line.map { .string($0) } ?? .null,
      "parameters": .array(value.parameterPaths.map { .string($0) }), "position": integers(value.position),
      "value": .number(value.value),
      "inputs": .array(
        value.inputs.map {
          [
            "name": .string($0.name), "parameters": .array($0.parameterPaths.map { .string($0) }),
            "norm": .number($0.norm), "largest": .number($0.largest),
          ]
        }),
    ]
  }

  private static func earlier(_ step: InspectedStep.Earlier) -> JSON {
    [
      "step": .integer(step.step), "loss": .number(step.loss), "gradientNorm": .number(step.gradientNorm),
      "learningRate": .number(step.rate),
    ]
  }

  private static func parameter(_ row: InspectedStep.ParameterStep) -> JSON {
    [
      "path": .string(row.path), "shape": integers(row.shape), "norm": .number(row.norm),
      "gradientNorm": .number(row.gradientNorm), "update": .number(row.update), "position": integers(row.position),
    ]
  }

  private static func agreement(_ agreement: MetricsAgreement) -> JSON {
    let difference: JSON? = agreement.difference.map {
      [
        "step": .integer($0.step), "metric": .string($0.metric), "recorded": .number($0.recorded),
        "found": .number($0.found),
      ]
    }
    return [
      "rows": .integer(agreement.rows), "hasStep": .bool(agreement.hasLast),
      "agrees": .bool(agreement.difference == nil),
      "difference": difference ?? .null,
    ]
  }
}
