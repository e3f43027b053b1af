// What the values of examples are: levels, shades of gray, or numbers of any size.

extension DataSplit {
  /// Whether the values are 0 and 1, or may be.
  public var isBinary: Bool { knownLevels == 2 }

  /// The value that is drawn black: 0, or the least value of images without levels.
  public var black: Float { levels == nil ? Float(scaling?.offset.first ?? 0) : 0 }

  /// The value that is drawn white: the largest that images can have, or 1 if nothing is known.
  public var white: Float {
    if let levels { return Float(max(1, levels - 1)) }
    return scaling.map { Float(($0.offset.first ?? 0) + ($0.scale.first ?? 1)) } ?? 1
  }

  /// A value of an image between 0, black, and 1, white.
  public func brightness(_ value: Float) -> Float { (value - black) / (white - black) }

  /// Values of images between 0, black, and 1, white.
  public func brightness(_ values: some Sequence<Float>) -> [Float] {
    let (black, width) = (black, white - black)
    return values.map { ($0 - black) / width }
  }
}

extension Dataset {
  /// The indices of the values that are the same in all examples.
  public var constantValues: [Int] {
    guard count > 0 else { return [] }
    let width = exampleCount
    return (0..<width).filter { place in
      (1..<max(1, count)).allSatisfy { values[$0 * width + place] == values[place] }
    }
  }
}
