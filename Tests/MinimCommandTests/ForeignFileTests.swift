import Foundation
import MinimFiles
import TestSupport
import Testing

/// What is not a file where a file is expected, and nothing where a name is expected, are refused before anything waits or
/// is written.
@Suite struct ForeignFileTests {
  private static let config = """
    {"model": {"masks": ["A3"], "channels": 2, "pointwiseLayers": 0}, "data": {"name": "images", "path": "good.npy"},
     "batch": {"examples": 4}, "training": {"steps": 2}}
    """

  private static func folder() throws -> Scratch {
    let scratch = try Scratch()
    _ = try scratch.write(config, to: "a.json")
    let pixels = (1...30).flatMap { number in (0..<16).map { Float(((number * 40503) >> $0) & 1) } }
    try Data(NPY.encode(pixels, shape: [30, 4, 4])).write(to: URL(fileURLWithPath: scratch.path + "/good.npy"))
    try FileManager.default.createDirectory(atPath: scratch.path + "/pictures", withIntermediateDirectories: true)
    for name in ["pipe", "pipe.csv", "pictures/x.png"] { #expect(mkfifo(scratch.path + "/" + name, 0o600) == 0) }
    return scratch
  }

  @Test(
    "pipes and devices as data, labels, pictures and configs",
    arguments: [
      ["--config", "a.json", "data.path=pipe"], ["--config", "a.json", "data.path=pipe.csv"],
      ["--config", "a.json", "data.labels=pipe"], ["--config", "a.json", "data.path=pictures"],
      ["--config", "a.json", "data.path=/dev/zero"], ["--config", "a.json", "data.labels=/dev/null"],
      ["--config", "/dev/zero"], ["--config", "/dev/null"], ["--config", "pictures"],
    ])
  func refused(_ arguments: [String]) throws {
    let scratch = try Self.folder()
    let result = try Program("train").run(arguments + ["--runs", "new"], in: scratch.path)
    #expect([65, 66, 78].contains(result.exitCode), "\(result.errors)")
    #expect(!result.errors.isEmpty && !FileManager.default.fileExists(atPath: scratch.path + "/new"))
  }

  @Test("a config from a pipe that somebody writes to")
  func pipe() throws {
    let scratch = try Self.folder()
    let process = try Program("train").start(["--config", "./pipe", "--quiet"], in: scratch.path)
    let file = try #require(fopen(scratch.path + "/pipe", "w"))
    fputs(Self.config, file)
    fclose(file)
    let result = process.wait()
    #expect(result.exitCode == 0, "\(result.errors)")
  }

  @Test(
    "an empty word, as a variable makes it that is not set, is a usage error",
    arguments: [
      ["train", "--config", "a.json", "--runs", ""], ["train", "--config", "a.json", "--runs="],
      ["train", "--config", ""],
      ["train", "sweep", "--config", "a.json", "seed=0..1", "--runs", ""], ["train", "resume", ""],
      ["train", "sweep", "--config", "a.json", "--grid", ""], ["minim", "list", "--runs", ""], ["minim", "show", ""],
      ["minim", "eval", "latest", "--data", ""], ["minim", "export", "latest", "--output", ""], ["minim", "check", ""],
      ["minim", "sample", "latest", "--npy="],
    ])
  func empty(_ words: [String]) throws {
    let scratch = try Self.folder()
    let before = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
    let result = try Program(words[0]).run(Array(words.dropFirst()), in: scratch.path)
    #expect(result.exitCode == 64 && result.errors.contains("variable of the shell"), "\(result.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == before)
  }

  @Test("a folder that is not there, or is not that of a run, is told")
  func folders() throws {
    let scratch = try Self.folder()
    for flag in [[], ["--json"], ["--tsv"]] {
      let list = try Program("minim").run(["list", "--runs", "nowhere"] + flag, in: scratch.path)
      #expect(list.exitCode == 66 && list.output == "")
      #expect(list.errors.contains("nowhere: cannot list: the folder does not exist"))
    }
    for command in [
      ["show", "./pictures"], ["tail", "./pictures"], ["export", "./pictures"], ["report", "./pictures"],
    ] {
      let result = try Program("minim").run(command, in: scratch.path)
      #expect(result.exitCode == 66 && result.errors.contains("not the folder of a run"), "\(command) \(result.errors)")
    }
    #expect(symlink("gone", scratch.path + "/link") == 0)
    let train = try Program("train").run(["--config", "a.json", "--runs", "link"], in: scratch.path)
    #expect(train.exitCode == 73 && train.errors.contains("a link to gone, which is not there"), "\(train.errors)")
    let year = try Program("minim").run(["check", "a.json", "data.path=2024"], in: scratch.path)
    #expect(year.exitCode == 78 && year.errors.contains(#"as a string: 'data.path="2024"'"#), "\(year.errors)")
    let word = try Program("minim").run(["check", "a.json", #"data.path="2024""#], in: scratch.path)
    #expect(word.exitCode == 66 && word.errors.contains("2024: cannot open"), "\(word.errors)")
  }

  @Test("a warm-up that is longer than the run is told, and one that is as long is not")
  func warmUp() throws {
    let scratch = try Self.folder()
    let long = try Program("minim").run(["check", "a.json", "optimizer.schedule.warmUp=9"], in: scratch.path)
    #expect(long.exitCode == 0 && long.errors.contains("warmUp=9 is longer than the run"), "\(long.errors)")
    #expect(long.errors.contains("after its 2 steps the learning rate is 20 %"))
    let equal = try Program("minim").run(["check", "a.json", "optimizer.schedule.warmUp=2"], in: scratch.path)
    #expect(equal.exitCode == 0 && equal.errors == "")
  }

  @Test("what was left out of the data is said even by a quiet run")
  func leftOut() throws {
    let scratch = try Self.folder()
    let folder = scratch.path + "/classes"
    for (index, name) in ["a", "b", "c"].enumerated() {
      try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
      for number in 1...10 {
        let pixels = (0..<16).map { UInt8((((10 * index + number) * 40503) >> $0) & 1) * 255 }
        let png = try PNG.encode(Image(width: 4, height: 4, channels: 1, pixels: pixels))
        try Data(png).write(to: URL(fileURLWithPath: "\(folder)/\(name)/\(number).\(name == "c" ? "jpg" : "png")"))
      }
    }
    let quiet = try Program("train").run(["--config", "a.json", "data.path=classes", "--quiet"], in: scratch.path)
    #expect(quiet.exitCode == 0, "\(quiet.errors)")
    #expect(quiet.errors.contains("Note: Ignored: 10 files that are not a .png (c/1.jpg"))
    let clean = try Program("train").run(["--config", "a.json", "--quiet"], in: scratch.path)
    #expect(clean.exitCode == 0 && clean.errors == "", "\(clean.errors)")
  }
}
