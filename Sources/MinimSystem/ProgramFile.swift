/// The file of the running program.
package enum ProgramFile {
  /// A path by which it can be read and started. On Linux it is a link to the file itself, which holds even if another file has taken
  /// its place.
  package static let path: String = {
    #if canImport(Darwin)
      var size = UInt32(PATH_MAX)
      var path = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&path, &size) == 0 else { return CommandLine.arguments[0] }
      return path.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }  // an array of PATH_MAX has an address
    #else
      return "/proc/self/exe"
    #endif
  }()

  /// Where it is, which no symbolic link by which it was started changes; nil where the system does not tell.
  package static var location: String? {
    #if canImport(Darwin)
      guard let real = realpath(path, nil) else { return nil }
      defer { free(real) }
      return String(cString: real)
    #else
      var target = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &target, target.count)
      return count > 0 ? String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    #endif
  }
}
