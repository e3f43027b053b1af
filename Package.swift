// swift-tools-version:6.1
import PackageDescription

let package = Package(
  name: "minim",
  products: [
    .executable(name: "train", targets: ["MinimTrainProgram"]),
    .executable(name: "minim", targets: ["MinimProgram"]),
    .library(name: "Minim", targets: ["Minim"]),
    // The commands for models of one's own: Examples/OwnModel.
    .library(name: "MinimCommand", targets: ["MinimCommand"]),
    // What the benchmarks need beside it, marked @_spi(Minim): no promise is made for it.
    .library(name: "MinimInternals", targets: ["Minim", "MinimKernels", "MinimParallel"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    // libpng stands on it, and libpng-dev brings it along.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CMinimKernels"),
    .target(name: "MinimKernels", dependencies: ["CMinimKernels", "COpenBLAS"]),
    .target(name: "MinimParallel", dependencies: ["CMinimKernels"]),
    .target(name: "MinimConfiguration"),
    .target(name: "MinimFiles", dependencies: ["CPNG", "CZlib"]),
    .target(name: "MinimAutodiff", dependencies: ["MinimKernels", "CMinimKernels"]),
    .target(
      name: "MinimNN",
      dependencies: ["MinimAutodiff", "MinimData", "MinimParallel", "MinimConfiguration", "CMinimKernels"]),
    .target(name: "MinimData", dependencies: ["MinimKernels", "MinimConfiguration", "MinimFiles"]),
    .target(name: "MinimModels", dependencies: ["MinimNN"]),
    .target(name: "MinimTraining", dependencies: ["MinimConfiguration", "MinimFiles", "MinimNN"]),
    .target(name: "Minim", dependencies: ["MinimConfiguration", "MinimKernels", "MinimModels", "MinimTraining"]),
    .target(
      name: "MinimCommand",
      dependencies: ["Minim", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .executableTarget(name: "MinimTrainProgram", dependencies: ["MinimCommand"]),
    .executableTarget(name: "MinimProgram", dependencies: ["MinimCommand"]),
    .target(name: "CTestSupport", path: "Tests/CTestSupport"),
    .target(
      name: "TestSupport", dependencies: ["CTestSupport", "MinimNN", "MinimConfiguration"], path: "Tests/TestSupport"),
    .testTarget(name: "MinimKernelsTests", dependencies: ["MinimKernels", "TestSupport"]),
    .testTarget(name: "MinimParallelTests", dependencies: ["MinimParallel", "TestSupport"]),
    .testTarget(name: "MinimConfigurationTests", dependencies: ["MinimConfiguration", "TestSupport"]),
    .testTarget(name: "MinimFilesTests", dependencies: ["MinimFiles", "TestSupport"]),
    .testTarget(name: "MinimAutodiffTests", dependencies: ["MinimAutodiff", "MinimParallel", "TestSupport"]),
    .testTarget(name: "MinimNNTests", dependencies: ["MinimNN", "TestSupport"]),
    .testTarget(name: "MinimDataTests", dependencies: ["MinimData", "TestSupport"]),
    .testTarget(name: "MinimModelsTests", dependencies: ["MinimModels", "TestSupport"]),
    .testTarget(name: "MinimTrainingTests", dependencies: ["MinimTraining", "MinimModels", "TestSupport"]),
    .testTarget(
      name: "MinimCommandTests",
      dependencies: ["MinimCommand", "MinimTrainProgram", "MinimProgram", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)
