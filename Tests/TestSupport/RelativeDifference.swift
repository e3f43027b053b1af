/// The largest difference of two tensors' elements, relative to the largest element of the second; those below 1e-3 count as
/// 1e-3, so that a derivative of zero may be rounded.
package func relativeDifference(_ a: [Double], _ b: [Double]) -> Double {
  let largest = b.reduce(1e-3) { Swift.max($0, Swift.abs($1)) }
  return zip(a, b).reduce(0) { Swift.max($0, Swift.abs($1.0 - $1.1)) } / largest
}
