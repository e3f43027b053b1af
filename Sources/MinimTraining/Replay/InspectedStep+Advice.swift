import MinimDrawing

extension InspectedStep {
  /// What may help a run that diverged here, one sentence each; empty for a step that was taken.
  package var advice: [String] {
    guard case .diverged(let bad, let cause) = outcome else { return [] }
    if bad.value?.operation.hasPrefix("input") == true {
      return ["The data have numbers that are not finite, or that single precision cannot hold: see minim check."]
    }
    let lower = "A smaller optimizer.learningRate, such as \(Readable.significant(rate / 10, digits: 2)), may help."
    if case .update = cause { return [lower + " The update itself left the range of numbers."] }
    return growth + [lower] + clipping
  }

  private var growth: [String] {
    guard let first = history.first, let last = history.last, first.gradientNorm > 0,
      last.gradientNorm > 10 * first.gradientNorm
    else { return [] }
    return [
      "The gradient norm grew from \(Readable.significant(first.gradientNorm)) at step \(first.step) to "
        + "\(Readable.significant(last.gradientNorm)) at step \(last.step)."
    ]
  }

  private var clipping: [String] {
    if let clipNorm {
      return ["Gradients are clipped to \(Readable.significant(clipNorm)) already (training.clipNorm)."]
    }
    guard let least = history.map(\.gradientNorm).min() else { return ["So may training.clipNorm."] }
    let norm = Readable.significant(least, digits: 2)
    return ["So may training.clipNorm, such as \(norm), the smallest norm of the steps before."]
  }
}
