import MinimConfiguration
import MinimData
import MinimKernels
import Testing

@Suite struct DatasetTests {
  private static func data(
    _ values: [Float] = [1, 0, 0, 1, 1, 1], _ shape: [Int] = [1, 2, 1], labels: [Int] = [2, 0, 1]
  ) -> Dataset {
    Dataset(name: "data", exampleShape: shape, values: values, labels: labels, classes: labels.isEmpty ? 0 : 3)
  }

  @Test func selecting() {
    let some = Dataset(
      name: "all", exampleShape: [1, 2, 1], values: [1, 0, 0, 1, 1, 1], labels: [2, 0, 1], classes: 3, entropy: 1
    ).selecting([2, 0, 2], name: "some")
    #expect(some.name == "some" && some.count == 3 && some.classes == 3 && some.exampleShape == [1, 2, 1])
    #expect(some.values == [1, 1, 1, 0, 1, 1] && some.labels == [1, 2, 1])
    // Some rows of a distribution are not the distribution.
    #expect(some.entropy == nil)
    let none = Self.data(labels: []).selecting([], name: "none")
    #expect(none.count == 0 && none.values == [] && none.labels == [])
  }

  @Test("the digest changes with every value, label, extent and part")
  func digest() {
    func digest(_ training: Dataset, _ validation: Dataset? = nil, _ test: Dataset? = nil) -> String {
      DataSplit(name: "", training: .rows(training), validation: validation, test: test).digest
    }
    let base = digest(Self.data())
    #expect(base == digest(Self.data()) && base.count == 64)
    let unlabeled = Self.data(labels: [])
    func row(_ index: Int) -> Dataset { unlabeled.selecting([index], name: "") }
    func rows(_ first: Int, _ second: Int) -> Dataset { unlabeled.selecting([first, second], name: "") }
    var others = [
      digest(Self.data(labels: [2, 0, 0])), digest(Self.data([1, 0, 0, 1, 1, 1], [2, 1, 1])), digest(unlabeled),
      digest(row(0), row(1), row(2)), digest(rows(0, 1), row(2)), digest(rows(0, 1), nil, row(2)),
      digest(row(0), rows(1, 2)), digest(row(0), row(2), row(1)),
    ]
    for index in 0..<6 {
      var values: [Float] = [1, 0, 0, 1, 1, 1]
      values[index] = 1 - values[index]
      others.append(digest(Self.data(values)))
    }
    #expect(Set(others + [base]).count == others.count + 1)
  }

  @Test("draws of the Ising model have no rows and no end, and depend on the seed")
  func draws() throws {
    let section = #"{"name": "ising", "height": 3, "width": 2, "beta": 0.3}"#
    let data = try load(section, seed: 4)
    #expect(data.rows == nil && data.training.count == nil && data.wholeDistribution == nil && data.classes == 0)
    #expect(data.exampleShape == [3, 2, 1] && data.shareOfDuplicates == nil)
    guard case .draws(let source, let key) = data.training, let ising = source as? Ising,
      let known = data.distribution as? Ising
    else {
      Issue.record("the Ising model is drawn")
      return
    }
    #expect(key == RandomKey(seed: 4).folding(.data))
    #expect([ising, known].allSatisfy { $0.height == 3 && $0.width == 2 && $0.beta == 0.3 })
  }

  @Test func patterns() throws {
    let data = try load(#"{"height": 3, "width": 3}"#)
    #expect(data.wholeDistribution?.entropy != nil && data.rows?.count == data.training.count)
    guard data.distribution is BarsAndStripes else {
      Issue.record("bars and stripes are a distribution")
      return
    }
  }

  @Test(
    "wrong keys of every data set are told",
    arguments: [
      (#"{"name": "images"}"#, "path", "required"),
      (#"{"name": "images", "path": "a", "shape": [3]}"#, "shape", "rows and columns"),
      (#"{"name": "images", "path": "a", "size": [3, 3, 1]}"#, "size", "rows and columns"),
      (#"{"name": "images", "path": "a", "size": [0, 3]}"#, "size", "1...256"),
      (#"{"name": "images", "path": "a", "threshold": "high"}"#, "threshold", "number"),
      (#"{"name": "images", "path": "a", "height": 3}"#, "height", "unknown key"),
      (#"{"name": "images", "path": "a", "split": {"train": 0.5}}"#, "split.train", "unknown key"),
      (#"{"name": "images", "path": "a", "split": {"validation": 0.6, "test": 0.4}}"#, "split.test", "less than 0.05"),
      (#"{"name": "images", "path": "a", "split": {"test": 1}}"#, "split.test", "0.9"),
      (#"{"name": "digits", "size": 9}"#, "size", "8"), (#"{"name": "digits", "path": "a"}"#, "path", "unknown key"),
      (#"{"name": "digits", "threshold": 17}"#, "threshold", "16"), (#"{"name": "digit"}"#, "name", "digits"),
      (#"{"name": "ising", "width": 11}"#, "width", "10"),
    ])
  func wrongKeys(_ section: String, _ path: String, _ words: String) {
    let error = #expect(throws: ConfigurationErrors.self) { _ = try source(section) }
    #expect(error?.exit == .badConfiguration)
    #expect(error?.problems.count == 1)
    #expect(error?.problems.first?.path == path)
    #expect(error?.problems.first?.message.contains(words) == true, "\(error?.description ?? "")")
  }
}
