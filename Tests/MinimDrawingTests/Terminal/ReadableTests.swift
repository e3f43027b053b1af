import MinimDrawing
import Testing

@Suite struct ReadableTests {
  @Test func numbersForPeople() {
    let durations: [(Double, String)] = [
      (85e-9, "85.0 ns"), (312e-6, "312 us"), (0.9996e-3, "1.00 ms"), (0.0123, "12.3 ms"), (1.2, "1.20 s"), (0, "0 ns"),
    ]
    for (seconds, text) in durations { #expect(Readable.duration(seconds) == text) }
    let clocks: [(Double, String)] = [
      (0, "0 s"), (3.2, "4 s"), (60, "1:00 min"), (125, "2:05 min"), (11045, "3:04:05 h"), (.infinity, "?"),
      (.nan, "?"),
    ]
    for (seconds, text) in clocks { #expect(Readable.clock(seconds) == text) }
    let numbers: [(Double, String)] = [
      (6.213, "6.213"), (0.012344, "0.01234"), (-1.5, "-1.500"), (9.99996, "10.00"), (12345.6, "12346"), (0, "0"),
      (1e300, "1.000e300"), (2.5e-9, "2.500e-9"), (.nan, "nan"), (-.nan, "nan"), (-.infinity, "-inf"),
      (.leastNonzeroMagnitude, "5e-324"),
      (2.3e-308, "2.300e-308"), (999_999.9, "1000000"), (1e7, "1.000e7"), (0.0001, "0.0001000"),
    ]
    for (value, text) in numbers { #expect(Readable.significant(value) == text, "\(value)") }
  }

  @Test("the words of a key") func words() {
    #expect(["trace", "effectiveRank", "kl0"].map(Readable.words) == ["trace", "effective rank", "kl0"])
  }

  @Test("only a hyphen that begins a number becomes a minus sign") func minusSigns() {
    let names = [
      ("alternating, momentum -0.5", "alternating, momentum −0.5"), ("-1", "−1"), ("5-8", "5-8"), ("a - b", "a - b"),
      ("forward-reverse", "forward-reverse"), ("-", "-"), ("", ""),
    ]
    for (name, shown) in names { #expect(Readable.withMinusSigns(name) == shown) }
    #expect(Plot.Series(.line([]), name: "momentum -0.5").name == "momentum −0.5")
  }

  @Test("nouns agree with their numbers, and large numbers have commas") func counts() {
    let counts = [
      (0, "0 images"), (1, "1 image"), (2, "2 images"), (2000, "2000 images"), (9999, "9999 images"),
      (10_000, "10,000 images"), (65_536, "65,536 images"), (1_234_567, "1,234,567 images"),
    ]
    for (count, text) in counts { #expect(Readable.count(count, "image") == text) }
    #expect(Readable.count(2, "class", "classes") == "2 classes" && Readable.count(1, "class", "classes") == "1 class")
    #expect(Readable.grouped(-65_536) == "-65,536" && Readable.grouped(-999) == "-999")
  }
}
