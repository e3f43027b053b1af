// swift-tools-version:6.1
import PackageDescription

let package = Package(
  name: "minim",
  // Synchronization's atomics. Other systems have no such minimum.
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "train", targets: ["MinimTrainProgram"]),
    .executable(name: "minim", targets: ["MinimProgram"]),
    .library(name: "Minim", targets: ["Minim"]),
    // The commands for models of one's own: Examples/OwnModel.
    .library(name: "MinimCommand", targets: ["MinimCommand"]),
    // What the benchmarks need beside it, marked @_spi(Minim): no promise is made for it.
    .library(name: "MinimInternals", targets: ["Minim", "MinimKernels", "MinimParallel"]),
  ],
  // Without a trait, nothing of these libraries is needed: swift build --traits MPI.
  traits: [.trait(name: "MPI", description: "Train one run by several processes of MPI, on one machine or many.")],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    // libpng stands on it, and libpng-dev brings it along.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
    // Each target names every module that its files import: continuous integration builds with
    // --explicit-target-dependency-import-check error.
    .target(name: "CMinimKernels"),
    .target(name: "MinimSystem"),
    .target(name: "MinimKernels", dependencies: ["CMinimKernels", "MinimSystem"]),
    .target(name: "MinimParallel", dependencies: ["CMinimKernels", "MinimSystem"]),
    .target(
      name: "MinimMPI",
      dependencies: ["MinimParallel", "MinimSystem", .target(name: "CMPI", condition: .when(traits: ["MPI"]))]),
    .target(name: "MinimFiles", dependencies: ["CPNG", "CZlib", "MinimSystem"]),
    .target(name: "MinimConfiguration", dependencies: ["MinimFiles", "MinimSystem"]),
    .target(name: "MinimDrawing", dependencies: ["MinimFiles", "MinimSystem"]),
    .target(name: "MinimAutodiff", dependencies: ["CMinimKernels", "MinimKernels", "MinimSystem"]),
    .target(name: "MinimData", dependencies: ["MinimConfiguration", "MinimFiles", "MinimKernels"]),
    .target(
      name: "MinimNN",
      dependencies: [
        "CMinimKernels", "MinimAutodiff", "MinimConfiguration", "MinimData", "MinimDrawing", "MinimFiles",
        "MinimKernels", "MinimParallel", "MinimSystem",
      ]),
    .target(
      name: "MinimModels",
      dependencies: [
        "MinimAutodiff", "MinimConfiguration", "MinimData", "MinimDrawing", "MinimFiles", "MinimKernels", "MinimNN",
        "MinimParallel", "MinimSystem",
      ]),
    .target(
      name: "MinimTraining",
      dependencies: [
        "MinimAutodiff", "MinimConfiguration", "MinimData", "MinimDrawing", "MinimFiles", "MinimKernels", "MinimNN",
        "MinimParallel", "MinimSystem",
      ]),
    .target(
      name: "Minim",
      dependencies: [
        "MinimAutodiff", "MinimConfiguration", "MinimData", "MinimDrawing", "MinimFiles", "MinimKernels",
        "MinimModels", "MinimNN", "MinimTraining",
      ]),
    .target(
      name: "MinimCommand",
      dependencies: [
        "MinimAutodiff", "MinimConfiguration", "MinimData", "MinimDrawing", "MinimFiles", "MinimKernels",
        "MinimModels", "MinimMPI", "MinimNN", "MinimParallel", "MinimSystem", "MinimTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "MinimTrainProgram", dependencies: ["MinimCommand"]),
    .executableTarget(name: "MinimProgram", dependencies: ["MinimCommand"]),
    .target(name: "CTestSupport", path: "Tests/CTestSupport"),
    .target(
      name: "TestSupport",
      dependencies: [
        "CTestSupport", "MinimAutodiff", "MinimConfiguration", "MinimDrawing", "MinimFiles", "MinimKernels", "MinimNN",
        "MinimParallel",
      ],
      path: "Tests/TestSupport"),
    // The readers of files as functions of bytes: .scripts/fuzz.sh.
    .target(
      name: "Fuzzing",
      dependencies: [
        "MinimConfiguration", "MinimData", "MinimDrawing", "MinimFiles", "MinimModels", "MinimNN", "MinimTraining",
      ],
      path: "Tests/Fuzzing", exclude: ["Dictionaries", "Driver", "Seeds"]),
    .testTarget(name: "MinimSystemTests", dependencies: ["MinimSystem", "TestSupport"]),
    .testTarget(name: "MinimKernelsTests", dependencies: ["CMinimKernels", "MinimKernels", "TestSupport"]),
    .testTarget(name: "MinimParallelTests", dependencies: ["CMinimKernels", "MinimParallel", "TestSupport"]),
    .testTarget(name: "MinimFilesTests", dependencies: ["MinimFiles", "TestSupport"]),
    .testTarget(name: "MinimConfigurationTests", dependencies: ["MinimConfiguration", "MinimFiles", "TestSupport"]),
    .testTarget(
      name: "MinimDrawingTests", dependencies: ["MinimDrawing", "MinimFiles", "MinimKernels", "TestSupport"]),
    .testTarget(
      name: "MinimAutodiffTests", dependencies: ["MinimAutodiff", "MinimKernels", "MinimParallel", "TestSupport"]),
    .testTarget(
      name: "MinimDataTests",
      dependencies: ["MinimConfiguration", "MinimData", "MinimFiles", "MinimKernels", "TestSupport"]),
    .testTarget(
      name: "MinimNNTests",
      dependencies: [
        "MinimAutodiff", "MinimConfiguration", "MinimData", "MinimDrawing", "MinimFiles", "MinimKernels", "MinimNN",
        "MinimParallel", "TestSupport",
      ]),
    .testTarget(
      name: "MinimModelsTests",
      dependencies: [
        "MinimAutodiff", "MinimConfiguration", "MinimData", "MinimDrawing", "MinimFiles", "MinimKernels",
        "MinimModels", "MinimNN", "MinimParallel", "TestSupport",
      ]),
    .testTarget(
      name: "MinimTrainingTests",
      dependencies: [
        "MinimAutodiff", "MinimConfiguration", "MinimData", "MinimDrawing", "MinimFiles", "MinimKernels",
        "MinimModels", "MinimNN", "MinimParallel", "MinimTraining", "TestSupport",
      ]),
    .testTarget(
      name: "MinimCommandTests",
      dependencies: [
        "MinimCommand", "MinimConfiguration", "MinimData", "MinimDrawing", "MinimFiles", "MinimKernels", "MinimModels",
        "MinimProgram", "MinimTrainProgram", "MinimTraining", "TestSupport",
      ]),
    .testTarget(name: "FuzzingTests", dependencies: ["Fuzzing", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)

// Only libFuzzer gives this program a main function, so no other build may see it: .scripts/fuzz.sh.
if Context.environment["MINIM_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(name: "MinimFuzzer", dependencies: ["Fuzzing"], path: "Tests/Fuzzing/Driver"))
}
