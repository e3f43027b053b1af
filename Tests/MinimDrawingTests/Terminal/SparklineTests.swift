import MinimDrawing
import Testing

@Suite struct SparklineTests {
  @Test func drawsFromLeastToGreatest() {
    #expect(Sparkline.draw([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.draw([-1, 1]) == "▁█")
    #expect(Sparkline.draw([5, 5, 5]) == "▄▄▄")
    #expect(Sparkline.draw([]) == "")
  }

  @Test func survivesWhatIsNotFinite() {
    #expect(Sparkline.draw([.nan, 0, .infinity, 1, -.infinity]) == "×▁×█×")
    #expect(Sparkline.draw([.nan, .infinity]) == "××")
    let most = Double.greatestFiniteMagnitude
    #expect(Sparkline.draw([-most, 0, most]) == "▁▅█")
  }

  @Test func averagesToTheWidth() {
    #expect(Sparkline.draw([0, 2, 6, 8], width: 2) == "▁█")
    #expect(Sparkline.draw([0, 0, 1, 1, .nan, 3], width: 3) == "▁█×")
    #expect(Sparkline.draw((0..<1000).map(Double.init), width: 8) == "▁▂▃▄▅▆▇█")
    let most = Double.greatestFiniteMagnitude
    #expect(Sparkline.draw([most, most, 0, 0], width: 2) == "█▁")
    #expect(Sparkline.draw([1, 2], width: 0) == "▄")
  }
}
