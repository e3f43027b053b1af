import MinimTraining
import Testing

@Suite struct SweepGridTests {
  @Test("ranges, lists and single values, in every combination, the last key changing first") func grid() throws {
    let grid = try SweepGrid(["seed=3..5", "optimizer.learningRate=0.1", "model.masks=[\"A3\",\"B3\"],[\"A5\"]"])
    #expect(grid.count == 6)
    #expect(grid.axes[2].values == [#"["A3","B3"]"#, #"["A5"]"#])
    #expect(grid.member(0).overrides == ["seed=3", "optimizer.learningRate=0.1", #"model.masks=["A3","B3"]"#])
    #expect(grid.member(1).overrides == ["seed=3", "optimizer.learningRate=0.1", #"model.masks=["A5"]"#])
    #expect(grid.member(5).overrides[0] == "seed=5" && grid.member(5).id == "0006")
    #expect(Set((0..<6).map { grid.member($0).overrides }).count == 6)
    #expect(grid.groupKey == "model.masks")
    #expect(try SweepGrid(["seed=0..2"]).groupKey == "seed")
    #expect(try SweepGrid([]).count == 1)
    #expect(try SweepGrid(["seed=-2..1"]).axes[0].values == ["-2", "-1", "0", "1"])
    #expect(try SweepGrid(["name=a..b"]).axes[0].values == ["a..b"])
    #expect(try SweepGrid([#"name="a,b",c"#]).axes[0].values == [#""a,b""#, "c"])
  }

  @Test("draws are a function of the grid, and take every value") func draws() throws {
    let grid = try SweepGrid(["a=0..9", "b=x,y"], draws: 200)
    #expect(grid.count == 200 && grid.member(17) == grid.member(17))
    #expect(Set((0..<200).map { grid.member($0).settings[0].value }).count == 10)
    #expect(Set((0..<200).map { grid.member($0).overrides }).count == 20)
  }

  @Test(
    "what is no sweep is refused",
    arguments: [
      ["seed"], ["=3"], ["a=1", "a=2"], ["a=5..2"], ["a=1,,2"], ["a="], ["a=1,1"], ["a=0..99999", "b=0..99999"],
    ])
  func wrong(_ words: [String]) {
    #expect(throws: SweepError.self) { try SweepGrid(words) }
  }
}
