import MinimCommand
import Testing

/// Lengths of time as users and schedulers write them.
@Suite struct TimeSpanTests {
  @Test("each form says its seconds") func forms() {
    for (text, seconds) in [
      ("90s", 90), ("55m", 3300), ("1h30m", 5400), ("2d", 172_800), ("1d2h3m4s", 93_784), ("1.5h", 5400), ("1s", 1),
      ("1:30:00", 5400), ("0:00:01", 1), ("100:00:00", 360_000), ("1-12:00:00", 129_600), ("0-00:59:59", 3599),
    ] as [(String, Double)] { #expect(TimeSpan(argument: text)?.seconds == seconds, "\(text)") }
  }

  @Test("anything else is no length of time") func others() {
    for text in [
      "", "5", "s", "m5", "1m1h", "1m1m", "-5m", "0s", "0.5s", "1.2.3s", "1:60:00", "1:00:60", "1:2", "1-1:2",
      "-1:00:00",
      "x-1:00:00", "5 m", "nan", "1e3s", "9999999d", "1h30", "\u{0665}m",
    ] { #expect(TimeSpan(argument: text) == nil, "\(text)") }
  }
}
