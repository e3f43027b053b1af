// Parts of a tensor by their indices. An index below 0 counts from the end.

extension Tensor {
  /// Part `index` along the first axis, which disappears: `x[0]`, `x[-1]`.
  public subscript(index: Int) -> Tensor { part(index, axis: 0) }

  /// Part `index` along the last axis, which disappears: `x[..., 0]`, `x[..., -1]`.
  public subscript(_: UnboundedRange, index: Int) -> Tensor { part(index, axis: rank - 1) }

  private func part(_ index: Int, axis: Int) -> Tensor {
    require(rank > 0, "part \(index) of a tensor without axes")
    let place = index < 0 ? index + shape[axis] : index
    require(
      0..<shape[axis] ~= place, "part \(index) of axis \(axis) of a tensor of shape \(shape): there are \(shape[axis])")
    var (start, box, rest) = ([Int](repeating: 0, count: rank), shape, shape)
    start[axis] = place
    box[axis] = 1
    rest.remove(at: axis)
    return slice(start, shape: box).reshape(rest)
  }

  /// An axis that may be counted from the end, from 0 on.
  func place(ofAxis axis: Int, _ operation: String) -> Int {
    let place = axis < 0 ? axis + rank : axis
    require(shape.indices.contains(place), "\(operation) over axis \(axis) of a tensor of shape \(shape)")
    return place
  }

  /// The shape with one axis of extent 1, or without it.
  func shape(reducing axis: Int, keepingDimensions: Bool) -> Shape {
    var reduced = shape
    if keepingDimensions { reduced[axis] = 1 } else { reduced.remove(at: axis) }
    return reduced
  }
}
