import MinimModels
import MinimNN
import Testing

@Suite struct RegistryTests {
  @Test("the list has every model once, and the tests have small ones of each") func names() {
    #expect(NamedModel.all.map(\.name) == ModelName.allCases.map(\.rawValue))
  }
}
