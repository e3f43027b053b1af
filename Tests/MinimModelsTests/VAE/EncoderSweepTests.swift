import MinimAutodiff
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct EncoderSweepTests {
  private static let rows = TanhGaussian().dataset(rows: 60, key: RandomKey(seed: 5))

  private static func trainedVAE(workers: Int = 1) throws -> (VAE, Trained) {
    let it = try SmallVAE.tanh()
    return (it.model, trained(it.vector, data: DataSplit(name: "rows", training: .rows(rows)), workers: workers))
  }

  @Test("a new encoder leaves the decoder as it is, and the wider one less of the gap")
  func widths() throws {
    let (vae, it) = try Self.trainedVAE()
    let gaps = try [1, 24].map { width in
      let (model, learned) = try EncoderSweep(steps: 400, rate: 0.01, examples: 60).encoder(width: width, of: vae, it)
      #expect(model.configuration.encoder == [width, width])
      #expect(model.parameters.entries.allSatisfy { $0.path.hasPrefix("encoder.") })
      return try model.inferenceGaps(Self.rows, learned, draws: 200)
    }
    // The family and the likelihood are the same, so the best normals are too.
    let own = try vae.inferenceGaps(Self.rows, it, draws: 200)
    for index in 0..<Self.rows.count {
      #expect(abs(gaps[0][index].logProb - own[index].logProb) < 1e-9)
      #expect(abs(gaps[1][index].meanFieldBound - own[index].meanFieldBound) < 0.1)
    }
    let means = gaps.map { Statistics.mean($0.map(\.amortization)).mean }
    #expect(means[1] > -1e-6 && means[1] < 0.5 * means[0], "\(means)")
  }

  @Test("the same bits for any number of workers") func workers() throws {
    let vectors = try [1, 2, 3].map { workers in
      let (vae, it) = try Self.trainedVAE(workers: workers)
      return try EncoderSweep(steps: 7, examples: 25).encoder(width: 5, of: vae, it).1.parameters.values
    }
    #expect(vectors[1] == vectors[0] && vectors[2] == vectors[0] && Set(vectors[0]).count > 20)
  }

  @Test("the frozen decoder of data is the one that drew them") func knownDecoder() throws {
    let (tanh, linear) = (TanhGaussian(), LinearGaussian.example)
    let points: [[Double]] = [[0.3, -1.2], [0, 0], [2, 0.7]]
    for (distribution, inputs, expected) in [
      (tanh, 3, points.flatMap(tanh.decode)),
      (
        linear, 4,
        points.flatMap { z in
          zip(linear.weights.allRows, linear.bias).map { row, bias in row[0] * z[0] + row[1] * z[1] + bias }
        }
      ),
    ] as [(any KnownDistribution, Int, [Double])] {
      let data = DataSplit(
        name: "row",
        training: .rows(Dataset(name: "row", exampleShape: [inputs], values: [Float](repeating: 0, count: inputs))),
        distribution: distribution)
      let vae = try #require(try ModelName.vae.make(#"{"encoder": [], "frozenDecoder": true}"#, data) as? VAE)
      let found = try evaluate([vae.decode(.constant(points.flatMap { $0 }, shape: [3, 2]))])[0]
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-14 })
    }
  }
}
