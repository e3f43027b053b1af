import MinimSystem
import Testing

@Suite struct ProcessorTests {
  @Test func theNameIsThatOfTheFirstCPU() {
    let text =
      "processor\t: 0\nvendor_id\t: X\nmodel name\t: Some CPU @ 2.40GHz\n\nprocessor\t: 1\nmodel name\t: Other\n"
    #expect(Processor.name(ofCPUInfo: text) == "Some CPU @ 2.40GHz")
  }

  @Test func armHasNumbersInsteadOfAName() {
    let text = "processor\t: 0\nBogoMIPS\t: 243.75\nCPU implementer\t: 0x41\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\n"
    #expect(Processor.name(ofCPUInfo: text) == "ARM, implementer 0x41, part 0xd0c")
  }

  @Test(arguments: ["", "model name", "CPU implementer\t: 0x41\n", "\n\n"])
  func otherTextsHaveNone(_ text: String) {
    #expect(Processor.name(ofCPUInfo: text) == nil)
  }
}
