import Foundation

/// Python with NumPy, which a machine may lack: the one that `./test --all` installs, or else the system's.
package enum NumPy {
  /// The words of a command that starts it; nil if there is none.
  private static let command: [String]? = {
    let readers = (ProcessInfo.processInfo.environment["MINIM_READERS"] ?? "") + "/bin/python"
    return [[readers], ["/usr/bin/env", "python3"]].first { words in
      guard FileManager.default.isExecutableFile(atPath: words[0]) else { return false }
      let arguments = Array(words.dropFirst()) + ["-c", "import numpy"]
      return (try? Program(words[0]).run(arguments, in: NSTemporaryDirectory()).exitCode) == 0
    }
  }()

  package static var isThere: Bool { command != nil }

  /// Runs a script, which prints arrays by calling `show(name, array)`.
  ///
  /// - Returns: the values of each array by its name, and its type, such as "float32".
  package static func values(
    of script: String, in folder: String
  ) throws -> [String: (values: [Double], type: String)] {
    let words = command ?? []
    let file = folder + "/script-\(UUID().uuidString).py"
    try (prelude + script).write(toFile: file, atomically: true, encoding: .utf8)
    let result = try Program(words[0]).run(words.dropFirst() + [file], in: folder)
    guard result.exitCode == 0 else { throw Failure(description: result.errors) }
    var arrays: [String: (values: [Double], type: String)] = [:]
    for line in result.output.split(separator: "\n") {
      let parts = line.split(separator: "|", omittingEmptySubsequences: false)
      // Python's hexadecimal form is C's.
      arrays[String(parts[0])] = (parts[2].split(separator: " ").map { Double(String($0)) ?? .nan }, String(parts[1]))
    }
    return arrays
  }

  /// What Python wrote on its standard error.
  package struct Failure: Error, CustomStringConvertible { package let description: String }

  /// Warnings are errors: a model overflows nowhere.
  private static let prelude = #"""
    import sys, warnings
    sys.path.insert(0, ".")
    import numpy as np
    warnings.simplefilter("error")

    def show(name, array):
        print(name, np.asarray(array).dtype, " ".join(float(it).hex() for it in np.ravel(array)), sep="|")

    """#
}
