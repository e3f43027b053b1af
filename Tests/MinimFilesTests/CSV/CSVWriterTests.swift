import MinimFiles
import Testing

@Suite struct CSVWriterTests {
  @Test("fields are quoted only if they need it (RFC 4180, section 2)") func quotes() {
    var writer = CSVWriter(columns: ["run", "a,b"])
    writer.append(["1", "plain text"])
    writer.append(["say \"x\"", "two\nlines"])
    writer.append(["", "a\rb"])
    #expect(writer.text == "run,\"a,b\"\n1,plain text\n\"say \"\"x\"\"\",\"two\nlines\"\n,\"a\rb\"\n")
  }

  @Test("a table of numbers is read back by the reader") func roundTrip() throws {
    var writer = CSVWriter(columns: ["x", "y"])
    writer.append(["0.5", "-1e-3"])
    writer.append(["2", "3"])
    let array = try CSV.decode(Array(writer.text.utf8), file: "table.csv")
    #expect(array.shape == [2, 2] && array.values == [0.5, -1e-3, 2, 3])
  }
}
