// swift-tools-version:6.1
import PackageDescription

let package = Package(
  name: "own-model",
  dependencies: [
    // Of a project elsewhere: its own path to Minim, or .package(url: ..., from: ...).
    .package(name: "minim", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "OwnModel",
      dependencies: [.product(name: "Minim", package: "minim"), .product(name: "MinimCommand", package: "minim")])
  ],
  swiftLanguageModes: [.v6]
)
