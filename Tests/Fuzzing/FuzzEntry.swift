// What the driver calls, a program in C that libFuzzer gives a main function.

/// Whether a target has this name.
@_cdecl("minim_fuzz_knows")
func knowsTarget(_ name: UnsafePointer<CChar>) -> CInt {
  let name = String(cString: name)
  return FuzzTarget.all.contains { $0.name == name } ? 1 : 0
}

/// Reads bytes by the target of a name. A reader that breaks its contract ends the program, so that libFuzzer keeps the bytes.
@_cdecl("minim_fuzz_read")
func readByTarget(_ name: UnsafePointer<CChar>, _ bytes: UnsafePointer<UInt8>?, _ count: Int) {
  let name = String(cString: name)
  do {
    let target = FuzzTarget.all.first { $0.name == name }
    _ = try target?.refusal(of: Array(UnsafeBufferPointer(start: bytes, count: count)))
  } catch {
    fatalError("\(name): \(error)")  // This is how a fuzzer learns of a finding.
  }
}
