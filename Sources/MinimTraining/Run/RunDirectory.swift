import MinimSystem
import MinimFiles

/// The folder of one run: the paths of its files, and the creation of the folder.
///
/// `runs/20261123-065512-pixelcnn-s0-7f3a/` names the time (UTC), the configuration and the seed. The last part is
/// random, so that runs of the same second cannot collide; it enters no result.
package struct RunDirectory: Equatable, Sendable {
  /// The folder.
  package let path: String
  /// The name that commands find it by: the last part of the path, or `SWEEP/0003` for a member of a sweep.
  package let name: String

  /// Creates a value for an existing folder, named by the last part of its path.
  package init(path: String) {
    self.path = path
    name = Path.name(of: path)
  }

  /// Creates a value for the folder of a sweep's member, which may not exist yet.
  ///
  /// - Parameters:
  ///   - member: the member's id, such as "0003".
  ///   - sweep: the sweep's folder.
  package init(member: String, ofSweep sweep: String) {
    path = Path.join(sweep, member)
    name = Path.join(Path.name(of: sweep), member)
  }
  package var config: String { file("config.json") }
  package var sources: String { file("sources.json") }
  package var manifest: String { file("manifest.json") }
  /// What samples need to know of data that lie in a file.
  package var data: String { file("data.json") }
  package var status: String { file("status.json") }
  package var metrics: String { file("metrics.jsonl") }
  package var timing: String { file("timing.jsonl") }
  package var diagnostics: String { file("diagnostics.jsonl") }
  package var claims: String { file("claims.json") }
  package var evaluation: String { file("evaluation.json") }
  package var report: String { file(Self.reportName) }
  package var lock: String { file("lock") }
  package var checkpoints: String { file("checkpoints") }
  package var samples: String { file("samples") }
  /// The parameters that the run started from, if they are those of another run.
  package var initial: String { file("initial.safetensors") }
  package var tensorboard: String { file("tensorboard") }

  /// The checkpoint of a step: `checkpoints/step-00001000.safetensors`.
  package func checkpoint(step: Int) -> String {
    Path.join(checkpoints, Self.stepName(step) + Self.checkpointSuffix)
  }

  /// The samples of a step: `samples/step-00001000.png`.
  package func sample(step: Int) -> String { Path.join(samples, Self.stepName(step) + ".png") }

  /// The samples of the kept parameters, if these are not those of the last step.
  package var best: String { Path.join(samples, Self.bestName) }

  /// The last samples as a NumPy array.
  package var finalSamples: String { Path.join(samples, "final.npy") }

  /// Samples that were drawn after the run, and words that tell them from others.
  package func drawnSamples(count: Int, of words: [String] = []) -> String {
    Path.join(samples, (["samples", "\(count)"] + words.map(Self.plain)).joined(separator: "-") + ".png")
  }

  /// The end of the name of a file that was made of the parameters of a chosen step.
  package static func suffix(ofChosen step: Int?) -> String { step.map { "-step-\($0)" } ?? "" }

  /// The model as a module of Python, by the parameters that the run keeps or those of a step.
  package func module(step: Int? = nil) -> String { file("model\(step.map { "_step_\($0)" } ?? "").py") }

  /// Values of the examples in a user's file, one for each, by the parameters that the run keeps or those of a step.
  package func values(_ name: String, of file: String, step: Int? = nil) -> String {
    let stem = Path.name(of: file).split(separator: ".").first.map(String.init) ?? ""
    let examples = stem.isEmpty ? "examples" : Self.plain(stem)
    return self.file("\(name)-\(examples)\(Self.suffix(ofChosen: step)).npy")
  }

  /// The gaps of one split, as two files of the same table.
  package func gapTable(_ part: String, step: Int? = nil) -> (csv: String, npy: String) {
    let stem = "gap-\(part)\(Self.suffix(ofChosen: step))"
    return (file("\(stem).csv"), file("\(stem).npy"))
  }

  /// The path of a picture in the folder of samples.
  package func picture(_ name: String) -> String { Path.join(samples, name + ".png") }

  /// The path of the same picture as SVG, for papers.
  package func figure(_ name: String) -> String { Path.join(samples, name + Self.figureSuffix) }

  /// How the name of a picture as SVG ends.
  package static let figureSuffix = ".svg"

  /// The path of the numbers of a picture that moves, [times, points, 2], in the folder of samples.
  package func film(_ name: String) -> String { Path.join(samples, name + Self.filmSuffix) }

  /// How the name of a film's file ends.
  package static let filmSuffix = ".film.npy"

  /// Any file of the run.
  package func file(_ name: String) -> String { Path.join(path, name) }

  // MARK: Creation

  /// Makes a new run folder with its sub-folders, and lets `runs/latest` point to it.
  ///
  /// - Parameters:
  ///   - runs: the folder of all runs; made if it is missing.
  ///   - name: the configuration's name; characters unsuitable for a file name become dashes.
  ///   - seed: the run's seed.
  ///   - time: seconds since 1970.
  ///   - suffix: draws the last part of the name; a test supplies its own.
  ///   - remark: receives the reason, in words, if there can be no link: it is a convenience.
  package static func create(
    in runs: String, name: String, seed: UInt64, time: Int = MinimSystem.time(nil), store: FileStore = FileStore(),
    suffix: () -> UInt16 = { UInt16.random(in: 0...UInt16.max) }, remark: (String) -> Void = { _ in }
  ) throws(FileError) -> RunDirectory {
    let path = try makeFolder(in: runs, stem: "\(plain(name))-s\(seed)", time: time, store: store, suffix: suffix)
    let run = RunDirectory(path: path)
    do throws(FileError) {
      for folder in [run.checkpoints, run.samples] { _ = try store.makeFolder(folder) }
    } catch {
      store.removeEmptyFolders([run.checkpoints, run.samples, run.path])
      throw error
    }
    link(run.name, in: runs, store, remark)
    return run
  }

  /// Lets `runs/latest` point to a folder. Where that is impossible, `latest` still finds the newest one by its name.
  static func link(_ name: String, in runs: String, _ store: FileStore, _ remark: (String) -> Void) {
    let link = Path.join(runs, latest)
    do throws(FileError) {
      try store.replaceLink(link, target: name)
    } catch {
      // An old link would name an older run. If it stays, the remark says so.
      if store.linkTarget(link) != nil { try? store.remove(link) }
      remark("\(error). Commands find the newest run as \"\(latest)\" by its name")
    }
  }

  /// Makes a new folder `time-stem-xxxx` and returns its path.
  static func makeFolder(
    in runs: String, stem: String, time: Int = MinimSystem.time(nil), store: FileStore,
    suffix: () -> UInt16 = { UInt16.random(in: 0...UInt16.max) }
  ) throws(FileError) -> String {
    try store.makeFolders(runs)
    let stem = "\(timestamp(time))-\(stem)-"
    // The folder is made exclusively: whoever makes it owns it. With 65536 names per second, 1000 tries cannot all
    // collide unless something else is wrong.
    for _ in 0..<1000 {
      let path = Path.join(runs, stem + hexadecimal(suffix()))
      if try store.makeFolder(path) { return path }
    }
    let reason = "no free name \(stem)0000 ... \(stem)ffff; remove old runs or choose another folder"
    throw FileError(.makeFolder, runs, reason: reason, exit: .cannotCreate)
  }

  /// The name of the link to the newest run.
  package static let latest = "latest"

  /// `20261123-065512`, in UTC.
  static func timestamp(_ time: Int) -> String {
    var time = time
    var parts = tm()
    gmtime_r(&time, &parts)
    let date = padded(Int(parts.tm_year) + 1900, 4) + padded(Int(parts.tm_mon) + 1, 2) + padded(Int(parts.tm_mday), 2)
    return date + "-" + padded(Int(parts.tm_hour), 2) + padded(Int(parts.tm_min), 2) + padded(Int(parts.tm_sec), 2)
  }

  /// Letters, digits and underscores; everything else becomes a dash. At most 64: file names end at 255 bytes.
  private static func plain(_ name: String) -> String {
    let letters = name.unicodeScalars.prefix(64).map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_")
        ? Character(scalar) : "-"
    }
    return letters.isEmpty ? "run" : String(letters)
  }

  private static func hexadecimal(_ value: UInt16) -> String {
    String(value, radix: 16).zeroPadded(to: 4)
  }

  /// The page of a run, and of a sweep.
  static let reportName = "report.html"

  private static let checkpointSuffix = ".safetensors"

  private static func stepName(_ step: Int) -> String { stepPrefix + padded(step, 8) }

  /// Whether a picture of this name shows the samples of a step.
  static func isSample(_ name: String) -> Bool { name.hasPrefix(stepPrefix) }

  /// The step of a checkpoint: 1000 for "step-00001000.safetensors"; nil for any other spelling.
  static func step(ofCheckpoint name: String) -> Int? { step(of: name, checkpointSuffix) }

  /// The step of a picture of samples: 1000 for "step-00001000.png"; nil for any other spelling.
  static func step(ofSample name: String) -> Int? { step(of: name, ".png") }

  private static func step(of name: String, _ suffix: String) -> Int? {
    guard name.hasPrefix(stepPrefix), name.hasSuffix(suffix) else { return nil }
    let digits = name.dropFirst(stepPrefix.count).dropLast(suffix.count)
    guard let step = Int(digits), step >= 0 else { return nil }
    return name == stepName(step) + suffix ? step : nil
  }

  /// The name of the picture of the kept parameters' samples.
  static let bestName = "best.png"

  private static let stepPrefix = "step-"

  private static func padded(_ value: Int, _ width: Int) -> String { "\(value)".zeroPadded(to: width) }
}
