import MinimFiles
import MinimNN
import Testing

@Suite struct SampleRequestTests {
  @Test func asksForWhatAModelCanDo() throws {
    try SampleRequest(3).require(isConditional: false, completes: false)
    try SampleRequest(3, label: 1, given: [1]).require(isConditional: true, completes: true)
    #expect(throws: SampleRequestError.notConditional) {
      try SampleRequest(3, label: 1).require(isConditional: false, completes: true)
    }
    #expect(throws: SampleRequestError.cannotComplete) {
      try SampleRequest(3, given: [1]).require(isConditional: true, completes: false)
    }
    #expect(SampleRequestError.notConditional.exit == .usage)
  }

  @Test func captionsAreTheClassOrAllOfThem() {
    #expect(SampleRequest(3).captions(["a", "b"]) == ["a", "b"])
    #expect(SampleRequest(3, label: 1).captions(["a", "b"]) == ["b"])
    #expect(SampleRequest(3, label: 1).captions([]).isEmpty)
  }
}
