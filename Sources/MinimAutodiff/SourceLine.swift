#if canImport(Runtime)
  internal import Runtime
#endif

/// The place in the source that a mistake comes from: the innermost call that is not in the engine itself.
enum SourceLine {
  /// "FILE:LINE, in FUNCTION" of the code outside of the tensor language and of the layers that called it; nil if the program
  /// has no debug information, or was built by a Swift before 6.2.
  @inline(never)
  static var ofCaller: String? {
    #if canImport(Runtime)
      // All frames: the caller may be deep inside of a model.
      return (try? Backtrace.capture(limit: nil)).flatMap(line)
    #else
      return nil
    #endif
  }

  #if canImport(Runtime)
    /// The same of calls that were captured before.
    static func line(of calls: Backtrace) -> String? {
      guard let frames = calls.symbolicated()?.frames else { return nil }
      for frame in frames {
        guard let symbol = frame.symbol, let place = symbol.sourceLocation, place.line > 0,
          !engine.contains(where: symbol.rawName.hasPrefix)
        else { continue }
        // The compiler's copy of a function for certain arguments has the function's name after this word.
        let name = symbol.name.hasPrefix("specialized ") ? symbol.name.dropFirst(12) : Substring(symbol.name)
        return "\(place.path):\(place.line), in \(name)"
      }
      return nil
    }
  #endif

  /// The beginnings of the mangled names of what belongs to the engine: "$s", the length of the module's name, the name.
  private static let engine = ["MinimAutodiff", "MinimNN", "MinimKernels"].map { "$s\($0.utf8.count)\($0)" }
}
