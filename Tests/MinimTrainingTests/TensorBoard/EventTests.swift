import MinimDrawing
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// What events say, to the byte and to the bit.
@Suite struct EventTests {
  @Test("the bytes of a small file, written by hand from the schemas of event.proto, summary.proto and tensor.proto")
  func golden() throws {
    let folder = try EventFolder()
    try folder.put(#"{"step":3,"nll":0.1}"# + "\n", "metrics.jsonl")
    try folder.put(#"{"step":3,"seconds":0.5,"secondsPerStep":0.1}"# + "\n", "timing.jsonl")
    let png = try folder.draw("step-00000003.png", step: 3, rgb: true)
    _ = try EventFile(of: folder.run, in: folder.events)
    let records = try EventReader.records(folder.bytes())
    try #require(records.count == 4)

    // wall_time of 1.8e9, step 0, file_version.
    let start: [UInt8] = [0x09, 0, 0, 0, 0x80, 0x74, 0xd2, 0xda, 0x41, 0x10, 0]
    #expect(records[0] == start + [0x1a, 13] + Array("brain.Event:2".utf8))
    // session_log with the status START.
    #expect(records[1] == start + [0x3a, 2, 0x08, 1])
    // Half a second later, step 3.
    let later: [UInt8] = [0x09, 0, 0, 0x20, 0x80, 0x74, 0xd2, 0xda, 0x41, 0x10, 3]
    // tag and simple_value.
    let rounded: [UInt8] = [0x0a, 3] + Array("nll".utf8) + [0x15, 0xcd, 0xcc, 0xcc, 0x3d]
    // tag, metadata with plugin_data's plugin_name and the data_class TENSOR, tensor with DT_DOUBLE and double_val.
    let metadata: [UInt8] = [0x4a, 11, 0x0a, 7, 0x0a, 5] + Array("minim".utf8) + [0x20, 2]
    let tensor: [UInt8] = [0x42, 11, 0x08, 2, 0x31, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f]
    let exact = [0x0a, 11] + Array("nll/float64".utf8) + metadata + tensor
    #expect(records[2] == later + [0x2a, 53, 0x0a, 10] + rounded + [0x0a, 39] + exact)
    // tag and image: height, width, colorspace, encoded_image_string.
    let image = [0x08, 2, 0x10, 3, 0x18, 3, 0x22, UInt8(png.count & 0x7f) | 0x80, UInt8(png.count >> 7)] + png
    let end = records[3].suffix(image.count)
    #expect(records[3].starts(with: later + [0x2a]) && Array(end) == image)
    #expect(records[3].dropLast(image.count).suffix(12).starts(with: [0x0a, 7] + Array("samples".utf8) + [0x22]))
  }

  @Test("every metric has all its bits, finite or not, and rounded ones beside them") func bits() throws {
    let folder = try EventFolder()
    let values = [
      -0.0, 0, 0.1, -1.0 / 3, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 1e39, 16_777_217,
      .pi,
    ]
    let metrics =
      values.enumerated().map { "\"x\($0.offset)\":\($0.element)" } + [
        #""a":"nan","b":"inf","c":"-inf""#
      ]
    try folder.put(#"{"step":1,"# + metrics.joined(separator: ",") + "}\n", "metrics.jsonl")
    _ = try EventFile(of: folder.run, in: folder.events)
    let read = try #require(try folder.read().last).values
    let expected = values + [.nan, .infinity, -.infinity]
    try #require(read.count == 2 * expected.count)
    for (index, value) in expected.enumerated() {
      #expect(read[2 * index].float?.bitPattern == Float(value).bitPattern)
      #expect(read[2 * index + 1].double?.bitPattern == value.bitPattern, "\(value)")
      #expect(read[2 * index + 1].tag == read[2 * index].tag + "/float64" && read[2 * index + 1].plugin == "minim")
    }
  }

  @Test("diagnostics are metrics too; eigenvalues, alarms and what is missing are none") func diagnostics() throws {
    let folder = try EventFolder()
    try folder.put(#"{"step":10,"loss":1}"# + "\n", "metrics.jsonl")
    try folder.put(
      #"{"step":0,"rank":2.5,"spread":null,"spectrum":[1,2],"alarm":null}"# + "\n"
        + #"{"step":10,"rank":1.5,"spread":3,"spectrum":[1],"alarm":"Collapse"}"# + "\n", "diagnostics.jsonl")
    _ = try EventFile(of: folder.run, in: folder.events)
    let read = try folder.read().dropFirst(2).map { ($0.step, $0.values.filter { $0.float != nil }) }
    #expect(read.map(\.0) == [10, 0, 10])
    #expect(read.map { $0.1.map(\.tag) } == [["loss"], ["rank"], ["rank", "spread"]])
  }

  @Test("pictures have the step that they say; those of samples are a series, damaged ones are left out")
  func pictures() throws {
    let folder = try EventFolder()
    try folder.put(#"{"step":20,"loss":1}"# + "\n", "metrics.jsonl")
    try folder.put(#"{"step":20,"seconds":4}"# + "\n", "timing.jsonl")
    var expected: [String: [UInt8]] = [:]
    // A step of nine digits comes last, though its name does not.
    for step in [100_000_000, 10, 20] {
      let digits = "\(step)"
      let name = "step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".png"
      expected["samples \(step)"] = try folder.draw(name, step: step, shade: UInt8(step % 200))
    }
    expected["best 10"] = try folder.draw("best.png", step: 10)
    expected["gap-test 20"] = try folder.draw("gap-test.png", step: nil)
    try folder.put("no picture", "samples/broken.png")
    try folder.put("no picture", "samples/final.npy")
    _ = try EventFile(of: folder.run, in: folder.events)
    let events = try folder.read().filter { !($0.values.first?.picture?.png.isEmpty ?? true) }
    #expect(events.filter { $0.values[0].tag == "samples" }.map(\.step) == [10, 20, 100_000_000])
    let read = events.map { ("\($0.values[0].tag) \($0.step)", $0.values[0].picture) }
    #expect(read.count == expected.count)
    for (key, picture) in read {
      #expect(picture == EventReader.Picture(height: 2, width: 3, channels: 1, png: expected[key] ?? []), "\(key)")
    }
  }

  @Test("times are the run's start and the seconds of training at the step") func times() throws {
    let folder = try EventFolder()
    try folder.put((1...5).map { "{\"step\":\(10 * $0),\"x\":1}\n" }.joined(), "metrics.jsonl")
    // The last line of times is still missing, as where both files grow.
    try folder.put((1...4).map { "{\"step\":\(10 * $0),\"seconds\":\($0).25}\n" }.joined(), "timing.jsonl")
    try folder.put(#"{"step":0,"y":1}"# + "\n" + #"{"step":25,"y":1}"# + "\n", "diagnostics.jsonl")
    _ = try EventFile(of: folder.run, in: folder.events)
    #expect(
      try folder.read().map { $0.time - EventFolder.start } == [0, 0, 1.25, 2.25, 3.25, 4.25, 4.25, 0, 2.25])
  }
}
