import MinimFiles

/// A reader of files that people bring along, as a function of bytes.
///
/// `.scripts/fuzz.sh` calls it with millions of inputs, the tests with the seeds. It goes through the same functions as the
/// programs do.
package struct FuzzTarget: Sendable {
  /// The name, also that of the folder of its seeds.
  package let name: String
  private let read: @Sendable ([UInt8]) throws -> Void

  /// - Parameter read: reads the bytes of a file. It throws a `ReportedError` if it refuses them, and a `BrokenContract` if what it has
  ///   read cannot be right.
  init(_ name: String, _ read: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.read = read
  }

  /// Reads the bytes of a file.
  ///
  /// - Returns: the reason why they are refused, in words; nil if they are accepted.
  /// - Throws: any error that is not meant for people: a mistake of the reader.
  package func refusal(of bytes: [UInt8]) throws -> String? {
    do {
      try read(bytes)
      return nil
    } catch let error as any ReportedError where error.exit != .bug {
      return error.description
    }
  }

  /// All readers.
  package static let all: [FuzzTarget] =
    [.json, .config] + [.safetensors, .npy, .npz, .idx, .csv, .png, .data]
    + [.sweep, .grid, .status, .manifest, .description, .claims, .evaluation, .metrics, .diagnostics]
}

/// A promise that a reader did not keep.
struct BrokenContract: Error {
  let promise: String
}

/// Checks what a reader promises.
///
/// - Throws: `BrokenContract`
func demand(_ isKept: Bool, _ promise: String) throws {
  guard isKept else { throw BrokenContract(promise: promise) }
}
