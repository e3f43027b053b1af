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

  @Test("draws of intervals lie in them, evenly or in their logarithm") func intervals() throws {
    let grid = try SweepGrid(["a=uniform(-1,3)", "b=loguniform(1e-4, 1e-1)", "seed=0..9"], draws: 1000)
    let draws = (0..<1000).map { grid.member($0).settings }
    let even = draws.compactMap { Double($0[0].value) }, rate = draws.compactMap { Double($0[1].value) }
    #expect(even.count == 1000 && even.allSatisfy { (-1...3).contains($0) })
    #expect(rate.count == 1000 && rate.allSatisfy { (1e-4...1e-1).contains($0) })
    // Halves by the middle, and by the geometric one: 5 standard errors.
    #expect(abs(even.count { $0 < 1 } - 500) < 80 && abs(rate.count { $0 < 3.1623e-3 } - 500) < 80)
    #expect(Set(draws.map { $0[2].value }).count == 10 && grid.member(3) == grid.member(3))
    #expect(grid.axes[1].extremes == ["0.0001", "0.1"] && grid.groupKey == "seed")
    // What the folder of a sweep keeps.
    for axis in grid.axes { #expect(SweepGrid.Choices(axis.choices.json) == axis.choices) }
  }

  @Test("a file has the words of a command line") func file() throws {
    let text = """
      {"seed": "0..2", "model.masks": [["A3", "B3"], ["A5"]], "rate": "loguniform(1e-4,1e-1)", "n": 3, "b": [true, "x"]}
      """
    let words = try SweepGrid.words(Array(text.utf8), file: "grid.json")
    #expect(
      words == ["seed=0..2", #"model.masks=["A3","B3"],["A5"]"#, "rate=loguniform(1e-4,1e-1)", "n=3", "b=true,x"])
    for wrong in ["[1]", "{", "{\"a\": 1, \"a\": 2}"] {
      let error = #expect(throws: SweepError.self) { try SweepGrid.words(Array(wrong.utf8), file: "grid.json") }
      #expect(error?.exit == .badConfiguration && error?.description.hasPrefix("grid.json") == true)
    }
  }

  @Test(
    "what is no sweep is refused",
    arguments: [
      ["seed"], ["=3"], ["a=1", "a=2"], ["a=5..2"], ["a=1,,2"], ["a="], ["a=1,1"], ["a=0..99999", "b=0..99999"],
      ["a=0.1,0.10"], ["a=0.1,1,1e-1"], ["a=1,1.0"], ["a=0,-0"], [#"a=x,"x""#], ["a=[1,2],[1, 2]"],
      ["a=uniform(0,1)"], ["a=-9223372036854775808..9223372036854775807"],
    ])
  func wrong(_ words: [String]) {
    #expect(throws: SweepError.self) { try SweepGrid(words) }
  }

  @Test("one value in two forms is told with both, and values of several types are several")
  func forms() throws {
    let error = #expect(throws: SweepError.self) { try SweepGrid(["a=0.5,0.1,0.10"]) }
    #expect(error?.description == "\"0.5,0.1,0.10\": a value is given twice, as 0.1 and as 0.10")
    #expect(try SweepGrid([#"a=1,"1",true,true2,[1],0.1,0.2"#]).count == 7)
  }

  @Test(
    "intervals that are none",
    arguments: ["uniform(1,0)", "uniform(1)", "uniform(a,b)", "loguniform(0,1)", "uniform(0,1e999)", "uniform(1,1)"])
  func wrongInterval(_ text: String) {
    #expect(throws: SweepError.self) { try SweepGrid(["a=\(text)"], draws: 3) }
  }
}
