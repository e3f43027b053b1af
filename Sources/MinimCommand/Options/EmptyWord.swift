/// A word of a command line without a character, as a variable of a shell makes it that is not set. No option, no name and
/// no file is called so; taken for a folder it would be the working directory.
enum EmptyWord {
  /// The error for the first such word; nil if there is none.
  static func error(in words: [String]) -> CommandError? {
    var option: String?
    for word in words {
      if word.hasPrefix("--"), word.hasSuffix("="), let name = word.split(separator: "=").first {
        return error(option: String(name))
      }
      if word.isEmpty { return error(option: option) }
      option = word.hasPrefix("-") ? word : nil
    }
    return nil
  }

  private static func error(option: String?) -> CommandError {
    let place = option.map { "\($0): expected a value, found an empty word" } ?? "expected a word, found an empty one"
    return CommandError("\(place). Is a variable of the shell not set?", exit: .usage)
  }
}
