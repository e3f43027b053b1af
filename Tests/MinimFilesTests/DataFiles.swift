import Foundation
import MinimFiles
import TestSupport
import Testing

// Writers of files of every format, plain and slow, which also write what is wrong; and what all readers must stand.

/// A file that must be refused, and words that the error must have.
struct Wrong: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let words: [String]

  init(_ name: String, _ bytes: [UInt8], _ words: String...) {
    (self.name, self.bytes, self.words) = (name, bytes, words)
  }

  var testDescription: String { name }

  /// Checks that `read` refuses the file as wrong data, names it, and says why.
  func isRefused(by read: (_ bytes: [UInt8], _ file: String) throws -> NumericArray) {
    let error = #expect(throws: DataFileError.self) { try read(bytes, "folder/wrong.file") }
    guard let error else { return }
    #expect(error.exit == .badData)
    #expect(error.description.hasPrefix("folder/wrong.file"))
    for word in words { #expect(error.description.contains(word)) }
    Reliability.record(10, "arrays and tables", 1)
  }
}

/// The bytes of a number, the lowest first.
func little(_ value: some BinaryInteger, _ size: Int) -> [UInt8] {
  (0..<size).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// The bytes of a number, the highest first.
func big(_ value: some BinaryInteger, _ size: Int) -> [UInt8] { little(value, size).reversed() }

func base64(_ text: String) throws -> [UInt8] {
  try Array(#require(Data(base64Encoded: text.filter { !$0.isWhitespace })))
}

/// The CRC-32 of zip and gzip, bit by bit.
func checksum(_ bytes: [UInt8]) -> UInt32 {
  var register: UInt32 = .max
  for byte in bytes {
    register ^= UInt32(byte)
    for _ in 0..<8 { register = register & 1 == 0 ? register >> 1 : (register >> 1) ^ 0xedb8_8320 }
  }
  return ~register
}

/// A deflate stream of blocks that are stored as they are.
///
/// - Parameter isLast: false if another stream shall follow as its continuation.
func deflateStored(_ bytes: [UInt8], isLast: Bool = true) -> [UInt8] {
  var stream: [UInt8] = []
  for start in stride(from: 0, to: max(1, bytes.count), by: 65535) {
    let block = bytes[start..<min(bytes.count, start + 65535)]
    stream += [isLast && start + 65535 >= bytes.count ? 1 : 0]
    stream += little(block.count, 2) + little(~block.count, 2) + block
  }
  return stream
}

/// A deflate stream of one zero and `matches` times 258 more: 13 bits each, the fixed codes of RFC 1951.
func deflateZeros(matches: Int) -> [UInt8] {
  var stream: [UInt8] = []
  var (word, bits) = (UInt64(0), 0)
  func put(_ code: UInt64, _ count: Int, lowestFirst: Bool = false) {
    for bit in 0..<count {
      word |= (code >> (lowestFirst ? bit : count - 1 - bit) & 1) << bits
      bits += 1
      if bits == 8 { (_, word, bits) = (stream.append(UInt8(word)), 0, 0) }
    }
  }
  put(0b011, 3, lowestFirst: true)  // the last block, of fixed codes
  put(0b0011_0000, 8)  // the literal 0
  for _ in 0..<matches {
    put(0b1100_0101, 8)  // 258 bytes
    put(0, 5)  // as the one before
  }
  put(0, 7)  // the end
  if bits > 0 { stream.append(UInt8(word)) }
  return stream
}

func gzip(_ content: [UInt8], deflated: [UInt8]? = nil) -> [UInt8] {
  [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + (deflated ?? deflateStored(content)) + little(checksum(content), 4)
    + little(content.count, 4)
}

/// A file of NumPy with this header.
func npy(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
  [0x93] + Array("NUMPY".utf8) + [version, 0] + little(header.utf8.count, version == 1 ? 2 : 4) + header.utf8 + data
}

/// A correct header.
func npyHeader(_ descr: String, _ shape: String, fortran: Bool = false) -> String {
  "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
}

/// Checks that `read` refuses every beginning of a file.
func refusesEveryTruncation(of bytes: [UInt8], by read: ([UInt8]) throws -> NumericArray) {
  for count in 0..<bytes.count {
    #expect(throws: DataFileError.self, "\(count) of \(bytes.count) bytes") { try read(Array(bytes[..<count])) }
  }
}

/// Changes bytes at random, and checks that `read` refuses the file as wrong data or gives an array that `isPossible`.
func standsDamage(
  to bytes: [UInt8], rounds: Int = 5000, by read: ([UInt8]) throws -> NumericArray,
  isPossible: (NumericArray) -> Bool
) {
  var generator = SplitMix(seed: 7)
  for round in 0..<rounds {
    var damaged = bytes
    for _ in 0...(round % 3) {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      // Single bits, and the bytes that make sizes large.
      let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
      damaged[place] = Bool.random(using: &generator) ? damaged[place] ^ bit : 255
    }
    do {
      #expect(isPossible(try read(damaged)))
    } catch {
      #expect(error is DataFileError)
    }
  }
}
