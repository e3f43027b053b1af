import Glibc
import MinimFiles
import MinimNN
import TestSupport
import Testing

/// Work on files, one of whose calls of the system fails: it ends in a clean error or as if nothing had been, and a repeat
/// without the fault ends in the same.
struct EveryCall<Place, Outcome: Equatable> {
  /// Makes a place to work in, the same each time.
  let place: () throws -> Place
  /// Does the work there.
  let work: (Place, FileStore) throws -> Void
  /// What the work came to.
  let outcome: (Place) throws -> Outcome
  /// Checks what a failed work has left.
  var check: (Place) throws -> Void = { _ in }

  /// - Parameters:
  ///   - name: what is done, for messages.
  ///   - few: the number of calls that fail one at a time; the long suite lets each fail.
  ///   - first: the first of these, which also chooses the kind of each fault.
  ///   - least: the least number of calls that the work must have.
  func fail(_ name: String, few: Int = 6, from first: Int = 0, least: Int) throws {
    let whole = try place()
    let counting = FileFaults { _, _ in nil }
    try work(whole, FileStore(faults: counting))
    let expected = try outcome(whole), calls = counting.log.count
    #expect(calls >= least, "\(name): \(calls) calls")
    let stride = LongTests.areWanted ? 1 : max(1, calls / few)
    var count = 0
    for call in Swift.stride(from: LongTests.areWanted ? 0 : min(first, calls - 1), to: calls, by: stride) {
      let kind = Fault.kinds[(first + call) % Fault.kinds.count]
      try fail(at: call, kind, expected, "\(name): \(kind.name) at call \(call), \(counting.log[call])")
      count += 1
    }
    Reliability.record(6, "faults at calls", count)
  }

  private func fail(at call: Int, _ kind: Fault, _ expected: Outcome, _ words: String) throws {
    let place = try place()
    let faults = FileFaults { number, _ in number == call || (kind.lasts && number > call) ? kind.fault : nil }
    do {
      try work(place, FileStore(faults: faults))
      #expect(try outcome(place) == expected, "\(words)")
    } catch {
      #expect([.inputOutput, .cannotCreate].contains(ExitStatus(error)), "\(words): \(error)")
      #expect(!kind.isResumed, "\(words): \(error)")
    }
    try check(place)
    try work(place, FileStore())
    #expect(try outcome(place) == expected, "after \(words)")
  }
}

/// A kind of fault.
private struct Fault {
  let name: String
  /// Whether all later calls fail too.
  let lasts: Bool
  let fault: FileFault
  /// Whether nobody may notice it.
  var isResumed: Bool { [.error(EINTR), .shortWrite].contains(fault) }

  static let kinds = [
    Fault(name: "EIO", lasts: false, fault: .error(EIO)), Fault(name: "full", lasts: true, fault: .error(ENOSPC)),
    Fault(name: "EINTR", lasts: false, fault: .error(EINTR)), Fault(name: "short", lasts: true, fault: .shortWrite),
    Fault(name: "gone", lasts: true, fault: .error(EIO)),
  ]
}
