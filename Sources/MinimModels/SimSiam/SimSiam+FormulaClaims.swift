import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// S10: views in plain loops. S11: the loss in plain loops.

extension SimSiam {
  func formulaClaims(_ trained: Trained) throws -> [Claim] {
    guard let data = trained.data.rows?.first(Self.examplesOfFormula) else { return [] }
    return try viewClaims(data, trained) + [lossClaim(data, trained)]
  }

  private static let examplesOfFormula = 16

  /// The values of expressions of a batch at the first step, in Double.
  private func values(_ tensors: [Tensor], _ data: Dataset, _ trained: Trained) throws -> [[Double]] {
    try MinimAutodiff.evaluate(
      tensors, parameters: trained.inDouble().parameters.values,
      inputs: [Batch.inputName: data.values.map(Double.init)],
      kernels: KernelTable(level: trained.level, precision: .float64), random: (trained.seed, 1, 0))
  }

  /// S10: each view is moved and cut by draws of its own. None for rows of numbers, which are not moved.
  private func viewClaims(_ data: Dataset, _ trained: Trained) throws -> [Claim] {
    guard isImage else { return [] }
    let own = configuration.augmentation, views = 2
    let moves = Augmentation(shift: own.shift, cutOut: own.cutOut)
    guard own.shift > 0 || own.cutOut > 0 else { return [] }
    let images = images(Batch(count: data.count, exampleShape: exampleShape))
    let uniforms = Tensor.uniform(shape: [data.count, 5 * views], purpose: .augmentation)
    let found = try values([moves.views(images, views), images, uniforms], data, trained)
    let (height, width) = canvas
    /// View `view` of each image by the draws of view `draws`.
    func difference(_ draws: (_ view: Int) -> Int) -> Double {
      let views = (0..<data.count).flatMap { image in
        (0..<views).flatMap { view in
          let start = (image * views + draws(view)) * 5
          return moves.plainView(
            Array(found[1][image * height * width..<(image + 1) * height * width]), height: height, width: width,
            Array(found[2][start..<start + 5]))
        }
      }
      return zip(found[0], views).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    return [
      Claim(
        Claim.Theorem("S10", "each view is moved and cut by draws of its own", .identity),
        "largest difference of a pixel of \(data.count) images, in plain loops", measured: difference { $0 }, .equal, 0,
        tolerance: 1e-12, samples: data.count,
        control: .init(
          "the draws of the first view for both", changed: "the draws", measured: difference { _ in 0 },
          cannotFailIf: "the images are black"))
    ]
  }

  /// S11: the loss of a pair is minus the mean of the cosines between each prediction and the projection of the other view.
  private func lossClaim(_ data: Dataset, _ trained: Trained) throws -> Claim {
    let batch = Batch(count: data.count, exampleShape: exampleShape), k = projectionWidth
    let (z, p) = projectionsAndPredictions(batch)
    let found = try values([objective(batch).value, z, p], data, trained)
    func cosine(_ a: Int, _ b: Int) -> Double {
      var (product, ofP, ofZ) = (0.0, 0.0, 0.0)
      for i in 0..<k {
        let (x, y) = (found[2][a * k + i], found[1][b * k + i])
        (product, ofP, ofZ) = (product + x * y, ofP + x * x, ofZ + y * y)
      }
      return product / max(1e-12, (ofP * ofZ).squareRoot())
    }
    func loss(other: Int) -> Double {
      (0..<data.count).reduce(0) { sum, pair in
        sum - (cosine(2 * pair, 2 * pair + other) + cosine(2 * pair + 1, 2 * pair + 1 - other)) / 2
      } / Double(data.count)
    }
    return Claim(
      Claim.Theorem(
        "S11", "the loss compares each prediction with the projection of the other view",
        formula: #"L = -\frac{1}{2} [\cos(p_1, z_2) + \cos(p_2, z_1)]"#, .identity),
      "difference of the loss of \(data.count) pairs, in plain loops", measured: abs(found[0][0] - loss(other: 1)),
      .equal,
      0, tolerance: 1e-6, samples: data.count,
      control: .init(
        "the projection of the same view", changed: "the view", measured: abs(found[0][0] - loss(other: 0)),
        cannotFailIf: "both views have the same projection"))
  }
}

extension Augmentation {
  /// A view without noise in plain loops, from five uniform numbers: the row and the column of the shift, the brightness, the
  /// row and the column of the square.
  fileprivate func plainView(_ image: [Double], height: Int, width: Int, _ draws: [Double]) -> [Double] {
    // A uniform number is in (0, 1]: its place among n choices is rounded up.
    func place(_ uniform: Double, _ choices: Int) -> Int { Int((uniform * Double(choices)).rounded(.up)) - 1 }
    let rows = shift > 0 ? place(draws[0], 2 * shift + 1) - shift : 0
    let columns = shift > 0 ? place(draws[1], 2 * shift + 1) - shift : 0
    var view = (0..<height * width).map { pixel in
      let (row, column) = (pixel / width + rows, pixel % width + columns)
      return 0..<height ~= row && 0..<width ~= column ? image[row * width + column] : 0
    }
    guard cutOut > 0 else { return view }
    let top = place(draws[3], height - cutOut + 1), left = place(draws[4], width - cutOut + 1)
    for row in top..<top + cutOut { for column in left..<left + cutOut { view[row * width + column] = 0 } }
    return view
  }
}
