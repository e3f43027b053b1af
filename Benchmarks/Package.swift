// swift-tools-version:6.1
import PackageDescription

let package = Package(
  name: "minim-benchmarks",
  dependencies: [
    .package(name: "minim", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  ],
  targets: [
    .executableTarget(
      name: "MinimBenchmarks",
      dependencies: [
        .product(name: "Minim", package: "minim"),
        .product(name: "MinimInternals", package: "minim"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
