import Glibc
import MinimFiles
import TestSupport
import Testing

@Suite struct NumericArrayFilesTests {
  @Test func knowsFilesByTheirContent() throws {
    let folder = try TemporaryFolder()
    let array = NumericArray(shape: [2, 3], values: [0, 1, 2, 3, 4, 5])
    let idx = IDXTests.idx(8, [2, 3], [0, 1, 2, 3, 4, 5])
    let files: [[UInt8]] = [
      NPZTests.content, ZIPWriter(NPZTests.entry).bytes, ZIPWriter(NPZTests.deflated).bytes, idx, gzip(idx),
    ]
    for bytes in files {
      // The name says nothing, not even a wrong one.
      for name in ["data", "data.npy", "data.csv"] {
        try folder.put(bytes, name)
        #expect(try NumericArray.read(folder[name]) == array)
      }
    }
  }

  @Test func knowsTablesByTheirNames() throws {
    let folder = try TemporaryFolder()
    for name in ["a.csv", "a.TSV", "a.b.txt"] {
      try folder.put(Array("1\t2\n".utf8), name)
      #expect(try NumericArray.read(folder[name]) == NumericArray(shape: [1, 2], values: [1, 2]))
    }
    // An unknown file is text there, or rather is not.
    try folder.put([0, 1, 2, 3], "b.csv")
    #expect(throws: DataFileError.self) { try NumericArray.read(folder["b.csv"]) }
  }

  @Test func choosesAMember() throws {
    let folder = try TemporaryFolder()
    try folder.put(ZIPWriter(NPZTests.entry, NPZTests.labels).bytes, "a.npz")
    #expect(try NumericArray.read(folder["a.npz"], member: "labels").shape == [2])
    #expect(throws: DataFileError.self) { try NumericArray.read(folder["a.npz"]) }
    try folder.put(NPZTests.content, "a.npy")
    let error = #expect(throws: DataFileError.self) { try NumericArray.read(folder["a.npy"], member: "labels") }
    #expect(error?.description.contains("\"labels\" was requested, but only an .npz") == true)
  }

  @Test func namesWhatItSupports() throws {
    let folder = try TemporaryFolder()
    let png = try ImageFolderTests.gray(1, 1, 0)
    let unknown: [([UInt8], String)] = [
      ([], "is empty"), (png, "give the folder"), (Array("1,2\n".utf8), "\"1,2\\u{a}\""),
      ([0, 0, 7, 1], "unknown format"),
      (Array("\u{89}HDF\r\n".utf8), "unknown format"), (Array("PK".utf8), "unknown format"), ([0x1f], "unknown format"),
    ]
    for (bytes, words) in unknown {
      try folder.put(bytes, "data")
      let error = #expect(throws: DataFileError.self) { try NumericArray.read(folder["data"]) }
      #expect(error?.file == folder["data"] && error?.exit == .badData)
      for word in [words, ".npy", ".npz", "IDX", ".csv", "folders of .png"] {
        #expect(error?.description.contains(word) == true)
      }
    }
  }

  @Test func leavesMissingFilesToTheStore() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FileError.self) { try NumericArray.read(folder["none.npy"]) }
    #expect(error?.exit == .missingInput && error?.path == folder["none.npy"])
    #expect(throws: FileError.self) { try NumericArray.read(folder.path) }
    try folder.put(NPZTests.content, "a.npy")
    let faults = FileFaults { _, operation in operation == .read ? .error(EIO) : nil }
    #expect(throws: FileError(.read, folder["a.npy"], code: EIO)) {
      try NumericArray.read(folder["a.npy"], store: FileStore(faults: faults))
    }
  }

  /// A file of holes: it claims more bytes than are read, and none of them is.
  @Test func refusesFilesThatAreTooLarge() throws {
    let folder = try TemporaryFolder()
    try folder.put([], "a.npy")
    #expect(truncate(folder["a.npy"], (1 << 31) + 1) == 0)
    let error = #expect(throws: FileError.self) { try NumericArray.read(folder["a.npy"]) }
    #expect(error?.exit == .badData && error?.description.contains("at most 2147483648") == true)
  }
}
