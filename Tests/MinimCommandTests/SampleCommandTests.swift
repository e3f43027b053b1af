import Foundation
import MinimFiles
import TestSupport
import Testing

/// `minim sample` for what only some models can do.
@Suite struct SampleCommandTests {
  private static let names = ["cross", "disc", "line", "rectangle", "triangle"]

  private func array(_ path: String, in scratch: Scratch) throws -> NumericArray {
    try NumericArray.read(scratch.path + "/" + path)
  }

  @Test("a class by its name or number, a seed, and an array; what there is not is listed") func classes() throws {
    let short = try ShortRun("pixelcnn-folder.json")
    #expect(try short.train(in: "runs").exitCode == 0)
    func sample(_ arguments: [String]) throws -> Program.Result {
      try short.minim(["sample", "latest", "--count", "10"] + arguments)
    }
    let all = try sample(["--npy", "all.npy"])
    #expect(all.exitCode == 0 && all.output.contains("Array: all.npy\n"), "\(all)")
    let byName = try sample(["--class", "disc", "--npy", "disc.npy"])
    #expect(byName.exitCode == 0 && byName.output.contains("/samples/samples-10-class-disc.png"), "\(byName)")
    #expect(try sample(["--class", "1", "--npy", "1.npy"]).exitCode == 0)
    let (mixed, disc) = (try array("all.npy", in: short.scratch), try array("disc.npy", in: short.scratch))
    #expect(try array("1.npy", in: short.scratch) == disc && disc.shape.first == 10)
    // Classes come in turn: the second sample of all is a disc too.
    let size = disc.values.count / 10
    #expect(mixed.values[size..<2 * size] == disc.values[size..<2 * size] && mixed != disc)

    let seeds = try ["7", "7", "8"].enumerated().map { index, seed in
      #expect(try sample(["--seed", seed, "--npy", "seed\(index).npy"]).exitCode == 0)
      return try array("seed\(index).npy", in: short.scratch)
    }
    #expect(seeds[0] == seeds[1] && seeds[0] != seeds[2] && seeds[0] != mixed)

    let unknown = try sample(["--class", "discs"])
    #expect(unknown.exitCode == 64)
    #expect(
      unknown.errors.contains("cross (0), disc (1), line (2), rectangle (3), triangle (4). Did you mean disc?"),
      "\(unknown.errors)")
    for wrong in ["5", "-1", ""] { #expect(try sample(["--class=\(wrong)"]).exitCode == 64) }
  }

  @Test("a model without classes says so") func unconditional() throws {
    let small = try SmallRun()
    try small.train(["training.steps=5"])
    let result = try Program("minim").run(["sample", "latest", "--class", "3"], in: small.scratch.path)
    #expect(result.exitCode == 64 && result.errors.contains("not conditional"), "\(result)")
  }

  @Test("an image is completed from its first rows, from a picture or an array") func completion() throws {
    let small = try SmallRun()
    try small.train()
    // Images of 4x3.
    let pixels: [Float] = [1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    let picture = Image(width: 3, height: 4, channels: 1, pixels: pixels.map { $0 == 1 ? 230 : 20 })
    try Data(PNG.encode(picture)).write(to: URL(fileURLWithPath: small.scratch.path + "/image.png"))
    try Data(NPY.encode(pixels, shape: [4, 3])).write(to: URL(fileURLWithPath: small.scratch.path + "/image.npy"))
    func complete(_ arguments: [String]) throws -> Program.Result {
      try Program("minim").run(
        ["sample", "latest", "--count", "50", "--npy", "out.npy"] + arguments, in: small.scratch.path)
    }
    func out() throws -> [Float] { try array("out.npy", in: small.scratch).values }
    let half = try complete(["--given", "image.png"])
    #expect(half.exitCode == 0 && half.output.contains("samples-50-given.png"), "\(half)")
    let fromPicture = try out()
    for image in 0..<50 { #expect(fromPicture[image * 12..<image * 12 + 6] == pixels[0..<6]) }
    // Columns that two rows agree on: nearly all are columns of ones and zeros to the end.
    let completed = (0..<50).count { fromPicture[$0 * 12 + 6..<$0 * 12 + 12] == [1, 0, 1, 1, 0, 1] }
    #expect(completed > 35, "\(completed)")
    #expect(try complete(["--given", "image.npy"]).exitCode == 0)
    #expect(try out() == fromPicture)
    #expect(try complete(["--given", "image.npy", "--rows", "3"]).exitCode == 0)
    let three = try out()
    for image in 0..<50 { #expect(three[image * 12..<image * 12 + 9] == pixels[0..<9]) }
    // A file of fewer rows gives them all.
    try Data(NPY.encode([1, 0, 1], shape: [1, 3])).write(to: URL(fileURLWithPath: small.scratch.path + "/row.npy"))
    #expect(try complete(["--given", "row.npy"]).exitCode == 0)

    for (name, values, shape, text) in [
      ("wide.npy", [0, 1, 0, 1], [2, 2], "expected one image of 4x3, or its first rows; found the shape [2, 2]"),
      ("gray.npy", [0, 1, 0.5], [1, 3], "0 and 1; value 3 of 3 is 0.5"),
    ] as [(String, [Float], [Int], String)] {
      try Data(NPY.encode(values, shape: shape)).write(to: URL(fileURLWithPath: small.scratch.path + "/" + name))
      let wrong = try complete(["--given", name])
      #expect(wrong.exitCode == 65 && wrong.errors.contains(text), "\(wrong)")
    }
    for (arguments, code) in [
      (["--rows", "2"], 64), (["--given", "image.npy", "--rows", "4"], 64), (["--given", "none.npy"], 66),
      (["--given", "row.npy", "--rows", "2"], 65),
    ] as [([String], Int32)] {
      #expect(try complete(arguments).exitCode == code, "\(arguments)")
    }
  }

  @Test("a model that does not draw value by value says so") func notAutoregressive() throws {
    let short = try ShortRun("vae-digits.json")
    #expect(try short.train(in: "runs").exitCode == 0)
    try Data(NPY.encode([Float](repeating: 0, count: 64), shape: [8, 8]))
      .write(to: URL(fileURLWithPath: short.scratch.path + "/image.npy"))
    let result = try short.minim(["sample", "latest", "--given", "image.npy"])
    #expect(result.exitCode == 64 && result.errors.contains("cannot complete"), "\(result)")
  }
}
