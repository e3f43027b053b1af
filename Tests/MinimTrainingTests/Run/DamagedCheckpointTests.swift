import Foundation
import Glibc
import MinimConfiguration
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// Checkpoints that were cut or in which a bit has flipped: each is refused, as bad data, by whoever reads it.
@Suite struct DamagedCheckpointTests {
  /// The last checkpoint of a finished tiny run.
  private struct Finished {
    let folder: TemporaryFolder
    let directory: RunDirectory
    let experiment: Experiment
    let path: String
    let bytes: [UInt8]
    /// The end of the header, where the numbers begin.
    let headerEnd: Int

    init() throws {
      folder = try TemporaryFolder()
      directory = try SmallRun.directory(folder)
      let text = TinyRun.named("gan").config()
      experiment = try Experiment(
        ConfigurationSource(texts: [("tiny.json", text)], overrides: []), models: SmallRun.models)
      var options = SmallRun.options()
      options.drawsPictures = false
      guard case .done = try TrainingRun(experiment, in: directory, options).train() else { throw SmallRun.NotDone() }
      path = directory.checkpoint(step: 6)
      bytes = try FileStore().read(path)
      headerEnd = 8 + Int(bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Whether the file, as it is now, is refused as bad data, with its name.
    func isRefused() -> Bool {
      do {
        _ = try Checkpoint(path, experiment: experiment)
        return false
      } catch let error as SafetensorsError {
        return error.exit == .badData && error.description.contains(path)
      } catch let error as CheckpointError {
        return error.exit == .badData && error.description.contains(path)
      } catch {
        return false
      }
    }

    /// Whether a resume, as it would be now, is refused as bad data with the checkpoint before.
    func resumeIsRefused() -> Bool {
      do {
        _ = try TrainingRun(experiment, in: directory, SmallRun.options())
        return false
      } catch let error as ResumeError {
        return error.exit == .badData && error.sound == 4
      } catch {
        return false
      }
    }

    /// Whether what is refused is refused by a resume too, for one in a hundred of the damages.
    func isRefused(_ number: Int) -> Bool { isRefused() && (number % 100 != 0 || resumeIsRefused()) }

    /// Puts one byte of the file in place of another.
    func put(_ byte: UInt8, at place: Int, _ descriptor: Int32) {
      #expect(withUnsafeBytes(of: byte) { pwrite(descriptor, $0.baseAddress, 1, off_t(place)) } == 1)
    }
  }

  @Test("a file that was cut is refused, at every length") func cut() throws {
    let finished = try Finished()
    #expect(!finished.isRefused() && finished.bytes.count > 1000)
    for length in finished.bytes.indices.reversed() {
      #expect(truncate(finished.path, off_t(length)) == 0)
      #expect(finished.isRefused(length), "\(length) of \(finished.bytes.count) bytes")
    }
    Reliability.record(9, "checkpoints cut at every byte", finished.bytes.count)
    try FileStore().writeAtomically(finished.bytes, to: finished.path)
    #expect(!finished.isRefused() && !finished.resumeIsRefused())
  }

  @Test("a bit that flips is noticed, in every byte of the header and anywhere in the numbers") func flips() throws {
    let finished = try Finished()
    let bytes = finished.bytes, body = finished.headerEnd..<bytes.count
    #expect(!body.isEmpty)
    var random = SplitMix(seed: 9)
    var places: [(place: Int, bit: Int)] = []
    for place in 0..<finished.headerEnd {
      let bits = LongTests.areWanted ? Array(0..<8) : [Int(random.next() % 8)]
      places += bits.map { (place, $0) }
    }
    let header = places.count
    for _ in 0..<(LongTests.areWanted ? 10_000 : 500) {
      places.append((Int.random(in: body, using: &random), Int(random.next() % 8)))
    }
    let descriptor = open(finished.path, O_WRONLY)
    defer { close(descriptor) }
    for (number, flip) in places.enumerated() {
      finished.put(bytes[flip.place] ^ (1 << UInt8(flip.bit)), at: flip.place, descriptor)
      #expect(finished.isRefused(number), "bit \(flip.bit) of byte \(flip.place) of \(bytes.count)")
      finished.put(bytes[flip.place], at: flip.place, descriptor)
    }
    // The control: with every bit back, it is the checkpoint again.
    #expect(try FileStore().read(finished.path) == bytes)
    #expect(!finished.isRefused() && !finished.resumeIsRefused())
    Reliability.record(9, "bits flipped in the header of a checkpoint", header)
    Reliability.record(9, "bits flipped in the numbers of a checkpoint", places.count - header)
  }
}
