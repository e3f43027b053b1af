import Foundation
import MinimConfiguration
import MinimData
import MinimFiles
import TestSupport
import Testing

// Data as a user gives them: a config's section, and files in a folder.

/// What a section "data" of a config names.
func source(_ section: String) throws -> any DataSource {
  let reader = ConfigurationReader(try ConfigurationSource(texts: [(name: "data.json", text: section)]))
  let source = NamedData.read(reader.root)
  try reader.finish()
  return source
}

/// The examples that a section of a config names.
func load(_ section: String, from folders: String..., seed: UInt64 = 1) throws -> DataSplit {
  try source(section).load(from: folders, seed: seed)
}

/// All parts, the split undone: images with their labels, in an order that depends on the content alone.
func everything(_ data: DataSplit) -> [[Float]] {
  [data.rows, data.validation, data.test].compactMap { $0 }.flatMap { part in
    (0..<part.count).map { Array(part.example($0)) + part.labels.dropFirst($0).prefix(1).map(Float.init) }
  }.sorted { $0.lexicographicallyPrecedes($1) }
}

/// The section of a user's images, cut at a threshold unless they are gray, all of them for training.
func unsplit(_ members: String, values: String = "binary") -> String {
  #"{"name": "images", "values": "\#(values)", "split": {"validation": 0, "test": 0}, \#(members)}"#
}

/// Values of an array in the order of its bytes, as a file of NumPy.
func put(_ values: [Float], _ shape: [Int], in folder: TemporaryFolder, as name: String) throws {
  try folder.put(NPY.encode(values, shape: shape), name)
}

/// Checks that loading fails as wrong data does, and says why.
func isRefused(
  _ section: String, in folder: TemporaryFolder, otherFolder: String = "nowhere", file: String, _ words: String...
) {
  let error = #expect(throws: DataFileError.self) { try load(section, from: folder.path, otherFolder) }
  #expect(error?.exit == .badData)
  #expect(error?.file == (file.hasPrefix("/") ? file : folder[file]))
  for word in words { #expect(error?.description.contains(word) == true, "\(error?.description ?? "")") }
}

/// The folder of the data that come with the program.
let dataFolder = Project.folder.appendingPathComponent("data").path
