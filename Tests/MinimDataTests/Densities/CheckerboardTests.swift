import Foundation
import MinimData
import MinimKernels
import TestSupport
import Testing

@Suite struct CheckerboardTests {
  @Test func densityByTheDefinition() {
    let board = Checkerboard()
    #expect(board.corners.count == 8 && board.bounds == [-2...2, -2...2])
    for i in 0..<4 {
      for j in 0..<4 {
        let center = [Double(i) - 1.5, Double(j) - 1.5]
        #expect(board.logProb(center) == ((i + j) % 2 == 0 ? -log(8) : -.infinity))
      }
    }
    #expect(board.logProb([2.1, 2.1]) == -.infinity && board.logProb([-2, -2]).isFinite)
    #expect(Checkerboard(squares: 3, side: 2).corners.count == 5)
  }

  @Test func entropyIsExact() throws {
    let board = Checkerboard(squares: 3, side: 0.7)
    #expect(abs(try #require(board.entropy()).value - log(5 * 0.49)) < 1e-12)
    #expect(abs(board.estimate(\.entropy).value - log(5 * 0.49)) < 1e-12)
    // Of an even board each value alone is uniform, so all that is to be known is in both together.
    #expect(abs(try #require(Checkerboard().entrywiseFloor()).value - log(2)) < 1e-12)
  }

  /// However a draw is rounded to a Float, it is on the board.
  @Test func rowsStayInside() {
    for side in [1, 0.7, 0.01, 33.3] {
      let board = Checkerboard(squares: 16, side: side)
      let data = board.dataset(rows: 5000, key: RandomKey(seed: 3))
      #expect(rows(of: data).allSatisfy { board.logProb($0).isFinite })
      for corner in board.corners {
        for share in [0x1p-20, 1 - 0x1p-20] {
          #expect(board.logProb(corner.map { Double(Float($0 + side * share)) }).isFinite)
        }
      }
    }
  }
}
