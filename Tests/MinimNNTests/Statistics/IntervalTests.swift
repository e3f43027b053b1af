import MinimNN
import Testing

@Suite struct IntervalTests {
  /// Published quantiles of Student's t at 0.975.
  @Test(
    "Student's t",
    arguments: [(1, 12.7062), (2, 4.30265), (3, 3.18245), (9, 2.26216), (10, 2.22814), (30, 2.04227), (200, 1.97190)])
  func quantiles(_ degrees: Int, _ exact: Double) {
    #expect(abs(Statistics.studentQuantile(degrees: degrees) - exact) < 6e-5)
  }

  @Test("the interval of a mean by hand") func interval() {
    // Deviation sqrt(2), error 1: t of one degree.
    #expect(abs(Statistics.halfInterval([1, 3]) - 12.7062) < 1e-4)
    #expect(Statistics.halfInterval([1]).isNaN && Statistics.halfInterval([2, 2, 2]) == 0)
  }
}
