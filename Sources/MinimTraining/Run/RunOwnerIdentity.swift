import MinimSystem
import MinimConfiguration
import MinimFiles

/// Which process on which machine owns a run.
struct RunOwnerIdentity: Equatable {
  let host: String
  /// What tells this start of the machine from others, and this container from others.
  let boot: String, namespace: String
  let process: Int
  /// When the process began, in the system's ticks: numbers of processes are used again.
  let start: String

  /// Reads the file of an owner; nil if it does not say.
  init?(_ path: String, _ store: FileStore) {
    guard let bytes = try? store.read(path, limit: 1 << 12),
      let line = bytes.split(separator: UInt8(ascii: "\n")).first,
      let json = try? JSONParser.parse(Array(line)).json, let host = json["host"]?.string,
      let process = json["process"]?.integer
    else { return nil }
    (self.host, self.process) = (host, process)
    boot = json["boot"]?.string ?? ""
    namespace = json["namespace"]?.string ?? ""
    start = json["start"]?.string ?? ""
  }

  private init() {
    host = Self.hostName
    boot = Self.word("/proc/sys/kernel/random/boot_id")
    namespace = FileStore().linkTarget("/proc/self/ns/pid") ?? ""
    process = Int(getpid())
    start = Self.start(of: process) ?? ""
  }

  /// This process.
  static let own = RunOwnerIdentity()

  var json: JSON {
    [
      "host": .string(host), "boot": .string(boot), "namespace": .string(namespace), "process": .integer(process),
      "start": .string(start),
    ]
  }

  /// "process 4711 on node7"
  var text: String { "process \(process) on \(host)" }

  /// Whether the process lives; nil if it is on another machine, or in another container, where nobody here can see it.
  var isAlive: Bool? {
    let own = Self.own
    guard host == own.host, boot == own.boot, namespace == own.namespace, !boot.isEmpty else { return nil }
    return Self.start(of: process) == start
  }

  /// The start of a process: the 22nd word of its status, counted after the name, which may contain spaces.
  private static func start(of process: Int) -> String? {
    guard let bytes = try? FileStore().read("/proc/\(process)/stat", limit: 1 << 12) else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
    return words.count > 19 ? String(words[19]) : nil
  }

  private static func word(_ path: String) -> String {
    let bytes = (try? FileStore().read(path, limit: 1 << 12)) ?? []
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count) == 0 else { return "?" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
