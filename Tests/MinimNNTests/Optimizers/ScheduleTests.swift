import Foundation
import MinimNN
import Testing

@Suite struct ScheduleTests {
  @Test func constantAfterALinearRise() {
    let schedule = Schedule(peak: 0.5, warmUp: 4, steps: 100)
    let expected = [0.1, 0.2, 0.3, 0.4, 0.5, 0.5]
    for (index, rate) in expected.enumerated() {
      #expect(abs(schedule.rate(step: index + 1) - rate) < 1e-15)
    }
    #expect(schedule.rate(step: 100) == 0.5)
    #expect(Schedule(peak: 0.5, steps: 3).rate(step: 1) == 0.5)
  }

  /// Loshchilov and Hutter, equation 5: final + (peak - final) (1 + cos(pi t / T)) / 2.
  @Test func cosineFromThePeakToTheEnd() {
    let schedule = Schedule(shape: .cosine, peak: 2, warmUp: 0, final: 0.1, steps: 80)
    #expect(schedule.rate(step: 1) == 2)
    #expect(abs(schedule.rate(step: 41) - 1.1) < 1e-12)
    #expect(abs(schedule.rate(step: 81) - 0.2) < 1e-12)
    #expect(schedule.rate(step: 1000) == schedule.rate(step: 81))
    for step in 1...80 {
      let expected = 0.2 + 1.8 * (1 + cos(Double.pi * Double(step - 1) / 80)) / 2
      #expect(abs(schedule.rate(step: step) - expected) < 1e-12)
      #expect(schedule.rate(step: step + 1) <= schedule.rate(step: step))
    }
  }

  @Test func cosineBeginsAfterTheRise() {
    let schedule = Schedule(shape: .cosine, peak: 1, warmUp: 9, steps: 29)
    #expect(abs(schedule.rate(step: 9) - 0.9) < 1e-15)
    #expect(schedule.rate(step: 10) == 1)
    #expect(abs(schedule.rate(step: 20) - 0.5) < 1e-12)
  }

  @Test("a rate is finite and never negative, however short the run and long the rise")
  func neverNegative() {
    for shape in Schedule.Shape.allCases {
      for (warmUp, final) in [(0, 0.0), (3, 0), (50, 0.5), (1_000_000_000, 1)] {
        for steps in [1, 2, 7] {
          let schedule = Schedule(shape: shape, peak: 1e6, warmUp: warmUp, final: final, steps: steps)
          for step in 1...steps + 1 {
            let rate = schedule.rate(step: step)
            #expect(rate.isFinite && rate >= 0 && rate <= 1e6)
            if step <= steps { #expect(rate > 0) }
          }
        }
      }
    }
    #expect(Schedule(shape: .cosine, peak: 0.5, steps: 1).rate(step: 1) == 0.5)
  }
}
