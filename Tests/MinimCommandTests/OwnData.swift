import Foundation
import MinimFiles
import MinimKernels
import TestSupport

/// A user's own data with a config of every model that can learn them.
enum OwnData {
  /// Points in a CSV with a header and classes, gray images in IDX, and twenty columns in an npy: each with a unit far from
  /// that of nets.
  static func folder() throws -> Scratch {
    let scratch = try Scratch()
    func put(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: scratch.path + "/" + name))
    }
    let key = RandomKey(seed: 7)
    func normal(_ index: Int) -> Double { key.normal(at: UInt64(index)) }
    let points = (0..<400).map { row -> String in
      let (center, name) = row % 2 == 0 ? (15.0, "finch") : (95.0, "heron")
      let height: Double = center + 2 * normal(2 * row)
      let weight: Double = 1000 * center + 4000 * normal(2 * row + 1)
      return "\(row),\(height),\(weight),\(name)\n"
    }
    try put(Array(("id,height,weight,bird\n" + points.joined()).utf8), "birds.csv")
    let pixels = (0..<300).flatMap { image in
      (0..<64).map { pixel -> UInt8 in
        let level: Double = (pixel / 8 + image) % 4 < 2 ? 180 : 40
        let value: Double = level + 20 * normal(10_000 + 64 * image + pixel)
        return UInt8(max(0, min(255, value)))
      }
    }
    try put([0, 0, 8, 3, 0, 0, 1, 44, 0, 0, 0, 8, 0, 0, 0, 8] + pixels, "stripes-idx3-ubyte")
    let table = (0..<300).flatMap { row in
      (0..<20).map { column -> Float in
        let shared: Double = 30 * normal(50_000 + 20 * row + column % 3)
        let own: Double = normal(60_000 + 20 * row + column)
        return Float(500 * Double(column) + shared + own)
      }
    }
    try put(NPY.encode(table, shape: [300, 20]), "table.npy")
    for (name, text) in configs { _ = try scratch.write(text, to: "\(name).json") }
    return scratch
  }

  private static let vectors = #""data": {"name": "vectors", "path": "birds.csv", "columns": ["height", "weight"], "#
  private static let birds = vectors + #""label": "bird", "standardize": true}"#
  private static let table = #""data": {"name": "vectors", "path": "table.npy", "standardize": true}"#
  private static let images = #""data": {"name": "images", "path": "stripes-idx3-ubyte", "size": 4"#
  private static let rest =
    #""batch": {"examples": 32, "shards": 3}, "training": {"steps": 40}, "intervals": {"checkpoint": 20}, "samples": 50"#

  private static func config(_ model: String, _ data: String) -> String { "{\"model\": {\(model)}, \(data), \(rest)}" }

  /// Every model of vectors and of gray images, on each of the data that it can learn.
  static let configs = [
    "birds-realnvp": config(#""name": "realnvp", "couplings": 4, "hidden": [16]"#, birds),
    "birds-vae": config(#""name": "vae", "encoder": [16], "decoder": [16], "latent": 1"#, birds),
    "birds-gan": config(#""name": "gan", "generator": [16], "critic": [16]"#, birds),
    "birds-simsiam": config(#""name": "simsiam", "hidden": [16], "outputs": 8"#, birds),
    "birds-flow-matching": config(
      #""name": "flow-matching", "hidden": [16], "conditional": true, "guidance": 1"#, birds),
    "table-diffusion": config(#""name": "diffusion", "hidden": [16]"#, table),
    "images-flow-matching": config(#""name": "flow-matching", "hidden": [16]"#, images + "}"),
    "table-realnvp": config(#""name": "realnvp", "couplings": 2, "hidden": [16]"#, table),
    "table-vae": config(#""name": "vae", "encoder": [16], "decoder": [16], "latent": 3"#, table),
    "table-gan": config(#""name": "gan", "generator": [16], "critic": [16]"#, table),
    "table-simsiam": config(#""name": "simsiam", "hidden": [16], "outputs": 8"#, table),
    "images-pixelcnn": config(
      #""name": "pixelcnn", "masks": ["A3", "B3"], "channels": 8, "pointwiseLayers": 1"#, images + #", "levels": 4}"#),
    "images-vae": config(#""name": "vae", "encoder": [16], "decoder": [16]"#, images + "}"),
    "images-gan": config(#""name": "gan", "generator": [16], "critic": [16]"#, images + "}"),
    "images-realnvp": config(#""name": "realnvp", "couplings": 2, "hidden": [16]"#, images + "}"),
    "images-simsiam": config(#""name": "simsiam", "hidden": [16], "outputs": 8"#, images + "}"),
  ]
}
