/// The pictures in some files, all of one size, as one array of gray values.
struct PictureFiles {
  /// [count, height, width]
  let images: NumericArray
  /// The value of white: that of 16 bits if a picture has so many.
  let white: Float
  /// The number of pictures with colors.
  private(set) var colored = 0
  /// The number of pictures of fewer bits than others.
  let widened: Int

  /// - Parameter files: the paths; not empty.
  init(_ files: [String], folder: String, store: FileStore) throws {
    let first = try Self.raster(files[0], store)
    let shape = [files.count, first.height, first.width]
    let size = first.height * first.width
    var values: [Float] = []
    values.reserveCapacity(try DataLimits.count(of: shape, file: folder))
    var shallow: [Int] = []
    for (index, file) in files.enumerated() {
      let raster = try index == 0 ? first : Self.raster(file, store)
      guard raster.width == first.width, raster.height == first.height else {
        throw DataFileError(
          file: file,
          reason: "it has \(raster.width) x \(raster.height) pixels, but \(files[0]) has "
            + "\(first.width) x \(first.height); all pictures must have the same size")
      }
      values.append(contentsOf: raster.gray)
      if raster.hasColors { colored += 1 }
      if raster.white == 255 { shallow.append(index) }
    }
    let isDeep = shallow.count < files.count
    if isDeep {
      // White is white: 255 becomes 65535.
      for index in shallow { for place in index * size..<(index + 1) * size { values[place] *= 257 } }
    }
    images = NumericArray(shape: shape, values: values)
    (white, widened) = (isDeep ? 65535 : 255, isDeep ? shallow.count : 0)
  }

  /// Reads one picture.
  static func raster(_ file: String, _ store: FileStore) throws -> Raster {
    let bytes = try store.read(file, limit: ImageFolder.maximumBytes)
    let side = ImageFolder.maximumSide
    let raster: Raster
    do throws(PNGError) {
      raster = try PNG.raster(bytes, maximumPixels: side * side)
    } catch {
      throw DataFileError(file: file, reason: "cannot be read as a picture: \(error)")
    }
    guard raster.width <= side, raster.height <= side else {
      throw DataFileError(
        file: file,
        reason: "it has \(raster.width) x \(raster.height) pixels; at most \(side) x \(side) are read")
    }
    return raster
  }
}
