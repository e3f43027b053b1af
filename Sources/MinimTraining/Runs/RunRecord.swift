import MinimConfiguration
import MinimFiles
import MinimNN
import MinimParallel

/// What the files of a run say of it in short: a line of a list.
package struct RunRecord: Sendable {
  /// How a run stands, for a reader.
  package enum State: String, Sendable, CaseIterable {
    case running, done, diverged, stopped, failed
    /// It says that it runs, and nobody does.
    case killed
    /// Its files say nothing.
    case unknown
  }

  /// The folder's name.
  package let name: String
  package let directory: RunDirectory
  /// Every key of the config with its value, such as "optimizer.learningRate", in the order of the file.
  package let settings: [(key: String, value: JSON)]
  package let state: State
  /// The last step taken.
  package let step: Int
  /// The wall time of training; nil where it is not known.
  package let seconds: Double?
  /// What training minimises, and its last value on record.
  package let loss: (name: String, value: Double)?
  /// The number of claims with each verdict; empty before the run has checked them.
  package let verdicts: [(verdict: String, count: Int)]
  /// The same in words, such as "9 hold, 1 not applicable".
  package let claims: String

  /// Reads what there is; nothing that is missing or damaged is an error.
  package init(_ directory: RunDirectory, store: FileStore = FileStore()) {
    name = directory.name
    self.directory = directory
    let config = (try? store.read(directory.config, limit: 1 << 22)).flatMap { try? JSONParser.parse($0).json }
    settings = config.map { Self.flattened($0) } ?? []
    let status = try? RunStatus(of: directory, store: store)
    state = Self.state(status, directory)
    let last = Self.lastLine(directory, store)
    // The status is written with checkpoints, metrics more often.
    step = max(status?.step ?? 0, last?["step"]?.integer ?? 0)
    seconds = status?.seconds
    loss = last.flatMap(RunMetrics.loss)
    var counts: [(verdict: String, count: Int)] = []
    let found = Self.verdicts((try? store.read(directory.claims, limit: 1 << 26)) ?? [])
    for (_, verdict) in found {
      if let index = counts.firstIndex(where: { $0.verdict == verdict.rawValue }) {
        counts[index].count += 1
      } else {
        counts.append((verdict.rawValue, 1))
      }
    }
    verdicts = counts
    claims = VerdictWords.counts(found.map { VerdictWords($1, $0) })
  }

  /// All runs of a folder, by name and so by time, read on all cores.
  package static func all(in runs: String) throws -> [RunRecord] {
    let directories = try RunDirectory.all(in: runs)
    var records = [RunRecord?](repeating: nil, count: directories.count)
    records.withUnsafeMutableBufferPointer { buffer in
      // Each index is written by one thread.
      nonisolated(unsafe) let results = buffer
      WorkerPool(workers: nil).share(directories.count) { index, _ in results[index] = RunRecord(directories[index]) }
    }
    return records.compactMap { $0 }
  }

  /// The value of a key of the config, as a user writes it; or of what a list shows.
  package func value(_ key: String) -> String? {
    switch key {
    case "run": return name
    case "state": return state.rawValue
    case "step": return "\(step)"
    case "seconds": return seconds.map { "\($0)" }
    case "loss": return loss.map { "\($0.value)" }
    case "claims": return claims
    case "model": return setting("model.name")
    default: return setting(key)
    }
  }

  private func setting(_ key: String) -> String? {
    settings.first { $0.key == key }.map { Self.text($0.value) }
  }

  /// A value as in an override: words without quotes.
  package static func text(_ value: JSON) -> String { value.string ?? value.compact }

  /// The keys of nested objects joined by dots.
  package static func flattened(_ json: JSON, prefix: String = "") -> [(key: String, value: JSON)] {
    (json.object?.members ?? []).flatMap { member -> [(key: String, value: JSON)] in
      let key = prefix + member.key
      return member.value.object == nil ? [(key, member.value)] : flattened(member.value, prefix: key + ".")
    }
  }

  private static func state(_ status: RunStatus?, _ directory: RunDirectory) -> State {
    guard let status else { return .unknown }
    if status.state == .running { return RunLock.isHeld(directory) ? .running : .killed }
    return State(rawValue: status.state.rawValue) ?? .unknown
  }

  /// The kind and the verdict of each claim of a JSON text.
  private static func verdicts(_ bytes: [UInt8]) -> [(Claim.Kind, Claim.Verdict)] {
    zip(values(of: "kind", in: bytes), values(of: "verdict", in: bytes)).compactMap { kind, verdict in
      guard let kind = Claim.Kind(rawValue: kind), let verdict = Claim.Verdict(rawValue: verdict) else { return nil }
      return (kind, verdict)
    }
  }

  /// The values of all keys of a name in a JSON text, without reading the rest: half of the time of a long list. Within a
  /// string a quotation mark has a backslash before it, so that this key is nothing else.
  private static func values(of name: String, in bytes: [UInt8]) -> [String] {
    let key = Array("\"\(name)\"".utf8)
    var (values, place): ([String], Int) = ([], 0)
    while let found = bytes[place...].firstIndex(of: key[0]), found + key.count < bytes.count {
      place = found + 1
      guard bytes[found..<found + key.count].elementsEqual(key) else { continue }
      let value = bytes[(found + key.count)...].split(separator: key[0], maxSplits: 2, omittingEmptySubsequences: false)
      if value.count == 3 { values.append(String(decoding: value[1], as: UTF8.self)) }
      place = found + key.count
    }
    return values
  }

  /// The last whole line of the metrics, of which no more is read.
  private static func lastLine(_ directory: RunDirectory, _ store: FileStore) -> JSON? {
    guard let end = try? store.readEnd(of: directory.metrics, most: 1 << 11) else { return nil }
    for line in end.split(separator: UInt8(ascii: "\n")).reversed() {
      if let json = try? JSONParser.parse(Array(line)).json { return json }
    }
    return nil
  }
}
