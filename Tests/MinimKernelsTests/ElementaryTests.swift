import Glibc
import MinimKernels
import Testing

@Suite struct ElementaryTests {
  @Test func agreesWithTheMathematicalLibrary() {
    let pairs: [(name: String, own: (Double) -> Double, library: (Double) -> Double)] = [
      ("exp", Elementary.exp, { exp($0) }), ("log", { Elementary.log($0) }, { log($0) }),
      ("log1p", Elementary.log1p, { log1p($0) }),
      ("tanh", Elementary.tanh, { tanh($0) }), ("sin", Elementary.sin, { sin($0) }),
      ("cos", Elementary.cos, { cos($0) }),
      ("sigmoid", Elementary.sigmoid, { 1 / (1 + exp(-$0)) }), ("softplus", Elementary.softplus, { log1p(exp($0)) }),
    ]
    for (name, own, library) in pairs {
      for i in 1...500 {
        let x = 0.013 * Double(i)
        #expect(abs(own(x) - library(x)) <= 4 * library(x).ulp, "\(name)(\(x))")
      }
    }
    #expect(Elementary.exp(0) == 1)
    #expect(Elementary.log(-1).isNaN)
  }

  @Test(arguments: [0, 1, 7, 1000]) func functionsOfAnArray(_ count: Int) {
    let values = (0..<count).map { 0.013 * Double($0 + 1) }
    var (logs, logs1p, exps) = (values, values, values)
    Elementary.log(&logs)
    Elementary.log1p(&logs1p)
    Elementary.exp(&exps)
    #expect(logs == values.map { Elementary.log($0) })
    #expect(logs1p == values.map { Elementary.log1p($0) })
    #expect(exps == values.map { Elementary.exp($0) })
  }

  @Test func powersByRepeatedSquaring() {
    #expect(Elementary.power(3, 5) == 243)
    #expect(Elementary.power(2, -3) == 0.125)
    #expect(Elementary.power(0, 0) == 1)
    #expect(abs(Elementary.power(0.999, 5000) - pow(0.999, 5000)) < 1e-15)
  }
}
