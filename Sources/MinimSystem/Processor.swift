/// The CPU of this machine.
package enum Processor {
  /// Its name; nil where the system does not tell.
  package static let name: String? = {
    #if canImport(Darwin)
      var bytes = [UInt8](repeating: 0, count: 256)
      var size = bytes.count
      guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    #else
      return kernelText("/proc/cpuinfo").flatMap(name(ofCPUInfo:))
    #endif
  }()

  /// The number of CPUs that run, where the system tells it in this way; Linux has masks and quotas for each process instead.
  package static var activeCount: Int? {
    #if canImport(Darwin)
      var count: Int32 = 0
      var size = MemoryLayout<Int32>.size
      return sysctlbyname("hw.activecpu", &count, &size, nil, 0) == 0 ? Int(count) : nil
    #else
      return nil
    #endif
  }

  /// The name in the text of `/proc/cpuinfo`. ARM's has no names, but the numbers of the maker and of the design.
  package static func name(ofCPUInfo text: String) -> String? {
    func value(_ key: String) -> String? {
      guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }),
        let colon = line.firstIndex(of: ":")
      else { return nil }
      return String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    if let name = value("model name") { return name }
    guard let maker = value("CPU implementer"), let part = value("CPU part") else { return nil }
    return "ARM, implementer \(maker), part \(part)"
  }
}
