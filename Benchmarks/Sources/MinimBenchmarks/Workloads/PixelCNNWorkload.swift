import Minim

extension Workload {
  /// A PixelCNN of 5x5 binary images: masked 3x3 layers A, B, B of 32 channels, 1x1 to the logits; batches of 64.
  static let pixelcnn: Workload = {
    let net = PixelCNN(
      PixelCNNConfiguration(
        stack: MaskStack([Mask(.a, 3), Mask(.b, 3), Mask(.b, 3)]), channels: 32, pointwiseLayers: 0, pixels: .binary),
      height: 5, width: 5)
    return Workload(
      name: "pixelcnn", examples: 64, shards: 4, optimizer: Adam(), rate: 1e-3, parameters: net.parameters,
      data: BarsAndStripes(height: 5, width: 5, distribution: .distinct).dataset()
    ) { net.objective($0) }
  }()
}
