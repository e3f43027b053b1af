import MinimAutodiff
import MinimConfiguration
import MinimKernels

/// Random views of images of one channel, black at 0 and white at 1, or of rows of numbers as images of one row: shifted by whole pixels, made brighter or darker,
/// with a square cut out, and with noise, in this order. All draws are functions of the seed, the step and the
/// example's place in its batch.
public struct Augmentation: Sendable {
  /// The largest shift along each axis, in pixels; pixels that move in are black.
  public let shift: Int
  /// The side of a square within the image that becomes black; 0 for none.
  public let cutOut: Int
  /// The largest amount that is added to or subtracted from all pixels.
  public let intensity: Double
  /// The standard deviation of the noise of each pixel.
  public let noise: Double

  /// Creates views of the given strengths; 0 leaves a change out.
  public init(shift: Int = 0, cutOut: Int = 0, intensity: Double = 0, noise: Double = 0) {
    self.shift = shift
    self.cutOut = cutOut
    self.intensity = intensity
    self.noise = noise
  }

  /// Reads the section "augmentation" for images of a size.
  public init(_ section: ConfigurationSection, height: Int, width: Int) {
    let side = min(height, width)
    shift = section.integer(
      "shift", default: min(1, side - 1), in: 0...max(0, side - 1), "The largest shift along each axis, in pixels.")
    cutOut = section.integer(
      "cutOut", default: side / 4, in: 0...side, "The side of a square that becomes black; 0 for none.")
    intensity = section.number(
      "intensity", default: 0.2, in: 0...1, "The largest share by which an image becomes brighter or darker.")
    noise = section.number(
      "noise", default: 0.1, in: 0...10, "The standard deviation of a pixel's noise; white is 1.")
  }

  /// Reads the section "augmentation" for rows of numbers, whose views differ by noise alone.
  public init(ofRows section: ConfigurationSection) {
    self.init(
      noise: section.number(
        "noise", default: 0.1, in: 0...10, "The standard deviation of the noise of each value, in the unit of the nets."
      ))
  }

  /// Several views of each image, one after the other: [count, height, width] to [count * views, height, width].
  public func views(_ images: Tensor, _ views: Int) -> Tensor {
    let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
    // Columns: the row and the column of the shift, the brightness, the row and the column of the square.
    let draws = Tensor.uniform(shape: [count, 5 * views], purpose: .augmentation)
      .reshape([count * views, 5])
    func draw(_ column: Int) -> Tensor { draws.slice([0, column], shape: [count * views, 1]) }
    var x = images.reshape([count, 1, height * width]).broadcast(to: [count, views, height * width])
      .reshape([count * views, height, width])
    if shift > 0 {
      x = shifted(shifted(x, axis: 1, by: draw(0)), axis: 2, by: draw(1))
    }
    if intensity > 0 { x = x * (1 + intensity * (2 * draw(2) - 1)).reshape([count * views, 1, 1]) }
    if cutOut > 0 {
      let rows = inside(draw(3), of: height).reshape([count * views, height, 1])
      let columns = inside(draw(4), of: width).reshape([count * views, 1, width])
      x = x * (1 - rows.broadcast(to: x.shape) * columns.broadcast(to: x.shape))
    }
    guard noise > 0 else { return x }
    let normals = Tensor.normal(
      shape: [count, views * height * width], purpose: .noise
    ).reshape(x.shape)
    return x + noise * normals
  }

  /// Moves each image along an axis by one of 2 shift + 1 distances, chosen by a uniform number for each, [n, 1].
  private func shifted(_ x: Tensor, axis: Int, by uniform: Tensor) -> Tensor {
    let choices = 2 * shift + 1
    var extent = x.shape
    extent[axis] += 2 * shift
    let place = uniform.reshape([x.shape[0], 1, 1]) * Double(choices)
    var start = [0, 0, 0]
    start[axis] = shift
    let padded = x.pad(start, to: extent)
    return (0..<choices).map { choice -> Tensor in
      var from = [0, 0, 0]
      from[axis] = choice
      // 1 for places in (choice, choice + 1].
      let isChosen = step(place - Double(choice)) - step(place - Double(choice + 1))
      return padded.slice(from, shape: x.shape) * isChosen
    }.reduce(nil) { sum, term in sum.map { $0 + term } ?? term } ?? x
  }

  /// 1 at the numbers of a row that a square covers, [n, extent]; a uniform number for each, [n, 1], chooses where it
  /// begins.
  private func inside(_ uniform: Tensor, of extent: Int) -> Tensor {
    let shape = [uniform.shape[0], extent]
    let place = (uniform * Double(extent - cutOut + 1)).broadcast(to: shape)
    let index = Tensor.constant((0..<extent).map(Double.init), shape: [extent]).broadcast(to: shape)
    // It begins at the largest whole number below the place.
    return greaterEqual(index + 1, place) * greater(place, index - Double(cutOut - 1))
  }
}
