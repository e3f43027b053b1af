import MinimFiles

extension FuzzTarget {
  /// Named tensors. What is accepted is written again, with a checksum, and must read as the same.
  static let safetensors = FuzzTarget("safetensors") { bytes in
    let file = try Safetensors(bytes, file: "a.safetensors")
    let again = try Safetensors(file.encoded(), file: "again.safetensors", requiringChecksum: true)
    try demand(again == file, "what is written reads as the same")
  }

  static let npy = FuzzTarget("npy") { bytes in
    try check(NPY.decode(bytes, file: "a.npy"))
  }

  /// The only array of an archive, and the array of a name.
  static let npz = FuzzTarget("npz") { bytes in
    let named = Result { try NPZ.decode(bytes, file: "a.npz", member: "images") }
    if case .success(let array) = named { return try check(array) }
    try check(NPZ.decode(bytes, file: "a.npz"))
  }

  /// An array in the format of MNIST, plain or compressed.
  static let idx = FuzzTarget("idx") { bytes in
    try check(IDX.decode(bytes, file: "a-idx3-ubyte"))
  }

  /// Checks an array, and that it reads as the same from a file of NumPy.
  private static func check(_ array: NumericArray) throws {
    try demand(array.values.allSatisfy(\.isFinite), "all numbers are finite")
    try demand(array.shape.allSatisfy { $0 > 0 }, "no axis is empty")
    // A few compressed bytes can be a million numbers: what is written of them says no more than what is written of some.
    guard array.values.count <= 4096 else { return }
    let again = try NPY.decode(NPY.encode(array.values, shape: array.shape), file: "again.npy")
    try demand(again == array, "what is written reads as the same")
  }
}
