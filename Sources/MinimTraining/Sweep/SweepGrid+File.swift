import MinimConfiguration
import MinimFiles

extension SweepGrid {
  /// Reads the values of keys from a file, an object whose members are those of a command line: `{"seed": "0..19",
  /// "dynamics.name": ["simultaneous", "extragradient"], "optimizer.learningRate": "loguniform(1e-4,1e-1)"}`.
  ///
  /// - Throws: `SweepError` for anything else, or if the file is not JSON (78).
  package static func words(_ bytes: [UInt8], file: String) throws(SweepError) -> [String] {
    let json: JSON
    do { json = try JSONParser.parse(bytes).json } catch {
      throw SweepError("\(file): \(error)", exit: .badConfiguration)
    }
    guard let object = json.object else {
      throw SweepError(
        "\(file): expected an object of keys with their values, {\"seed\": \"0..19\"}", exit: .badConfiguration)
    }
    return object.members.map { member in
      let values = member.value.array.map { $0.map(word).joined(separator: ",") }
      return "\(member.key)=\(values ?? word(member.value))"
    }
  }

  /// A value as a word of a command line, where strings have no quotes.
  private static func word(_ value: JSON) -> String { value.string ?? value.compact }
}
