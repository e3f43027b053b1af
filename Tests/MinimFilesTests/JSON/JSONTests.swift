import MinimFiles
import Testing

@Suite struct JSONTests {
  @Test func writesCompactly() {
    let json: JSON = ["b": 1, "a": [true, .null, "x"], "c": [:], "d": []]
    #expect(json.compact == #"{"b":1,"a":[true,null,"x"],"c":{},"d":[]}"#)
  }

  @Test func writesPrettily() {
    let long = JSON.array((0..<40).map { .integer($0) })
    let json: JSON = ["a": [1, 2.5], "o": ["p": "q", "e": [:]], "l": [["x": 1]], "m": [[1, 2], [3]], "long": long]
    let numbers = (0..<40).map { "    \($0)" }.joined(separator: ",\n")
    #expect(
      json.pretty == """
        {
          "a": [1, 2.5],
          "o": {
            "p": "q",
            "e": {}
          },
          "l": [
            {
              "x": 1
            }
          ],
          "m": [[1, 2], [3]],
          "long": [
        \(numbers)
          ]
        }
        """)
  }

  @Test func writesNumbersThatReadBackAsTheSameBits() throws {
    let patterns: [UInt64] = [
      1, 0x3FB9_9999_9999_999A, 0x7FEF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0x4340_0000_0000_0001,
    ]
    for pattern in patterns {
      let number = Double(bitPattern: pattern)
      let read = try JSONParser.parse(JSON.number(number).compact).json
      #expect(read.number?.bitPattern == pattern)
    }
    #expect(JSON.number(0.1).compact == "0.1")
    #expect(
      JSON.array([.number(.nan), .number(.infinity), .number(-.infinity)]).compact == #"["NaN","Infinity","-Infinity"]"#
    )
  }

  @Test func objectsKeepTheirOrder() {
    var object: JSONObject = ["z": 1, "a": 2, "m": 3]
    #expect(object.keys == ["z", "a", "m"])
    object["a"] = 5
    object["b"] = 6
    object["z"] = nil
    #expect(object == ["a": 5, "m": 3, "b": 6])
    #expect(object != ["m": 3, "a": 5, "b": 6])
    #expect(object["q"] == nil)
  }

  @Test func looksInside() {
    var json: JSON = ["a": ["b": [1, 2.5, "s", true]]]
    let list = json["a"]?["b"]
    #expect(list?[0]?.integer == 1)
    #expect(list?[0]?.number == 1)
    #expect(list?[1]?.number == 2.5)
    #expect(list?[1]?.integer == nil)
    #expect(list?[2]?.string == "s")
    #expect(list?[3]?.bool == true)
    #expect(list?[4] == nil)
    #expect(json["a"]?[0] == nil)
    json["a"] = nil
    json["c"] = 1
    #expect(json == ["c": 1])
  }
}
