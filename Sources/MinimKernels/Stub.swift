import CMinimKernels
public enum Precision: String, CaseIterable, Sendable { case float32, float64
  public var elementSize: Int { self == .float32 ? 4 : 8 } }
public enum KernelLevel: String, CaseIterable, Sendable { case baseline, avx2, avx512; public static let best = KernelLevel.avx512 }
public struct KernelTable: @unchecked Sendable {
  public let table: UnsafePointer<minim_kernel_table>; public let precision: Precision
  public var gemm: minim_kernel { table.pointee.gemm }
  public init(level: KernelLevel, precision: Precision) { table = minim_kernels(level == .avx512 ? MINIM_AVX512 : level == .avx2 ? MINIM_AVX2 : MINIM_BASELINE, precision == .float32 ? MINIM_FLOAT32 : MINIM_FLOAT64)!; self.precision = precision }
  public static func current(_ p: Precision) -> KernelTable { KernelTable(level: .avx512, precision: p) }
}
public final class AlignedMemory: @unchecked Sendable { public let pointer: UnsafeMutableRawPointer; public init(byteCount: Int) throws { pointer = .allocate(byteCount: byteCount+64, alignment: 64); pointer.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount+64) } }
public struct RandomKey: Sendable { var k: (UInt32, UInt32)
 public init(seed: UInt64) {k=(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed>>32))}
 init(k: (UInt32,UInt32)) {self.k = k}
 func w(_ x: UInt64) -> (UInt32, UInt32) { var kk=[k.0,k.1]; var c=[UInt32(truncatingIfNeeded: x), UInt32(truncatingIfNeeded: x>>32)]; var o:[UInt32]=[0,0]; minim_threefry2x32(&kk,&c,&o); return (o[0],o[1]) }
 public func folding(_ x: UInt64) -> RandomKey { RandomKey(k: w(x)) }
 public func uniform(at x: UInt64) -> Double { let a = w(x); return (Double((UInt64(a.1)<<32|UInt64(a.0))>>11)+0.5)*0x1p-53 }
 public func normal(at: UInt64) -> Double { 0 }
 public func permutation(count: Int) -> [Int] { Array(0..<count) }
 public func index(below: Int, at: UInt64) -> Int { Int(uniform(at: at)*Double(below)) }
}
public enum RandomPurpose: UInt64, Sendable { case initialisation, batch, shuffle, model, sampling, evaluation, data }
import Glibc
public enum Elementary { public static func cos(_ x: Double) -> Double { Glibc.cos(x) }
public static func log(_ x: Double) -> Double { Glibc.log(x) }
public static func exp(_ x: Double) -> Double { Glibc.exp(x) } }
public enum SHA256 { public static func hexadecimal(_ b: [UInt8]) -> String { var h: UInt64 = 0xcbf2_9ce4_8422_2325; for x in b { h = (h ^ UInt64(x)) &* 0x100_0000_01b3 }; return String(h, radix: 16) } }
public enum OpenBLAS { public static let configuration = ""; public static let coreName = ""; public static func start() {} }
extension KernelTable { public mutating func useOpenBLAS() {} }
extension KernelLevel { public static func resolve(environment: [String: String]) throws -> KernelLevel { KernelLevel(rawValue: environment["MINIM_KERNELS"] ?? "avx512") ?? .avx512 } }
public struct AllocationError: Error {}
