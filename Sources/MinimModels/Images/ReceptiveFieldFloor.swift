import MinimData
import MinimKernels

/// The lowest mean negative log-likelihood that any model with given receptive fields can have on data that are a
/// distribution, whatever its size: the sum over pixels of H(x_i | x_RF(i)), in nats. By counting; exact.
public func receptiveFieldFloor(_ fields: [[Int]], _ data: Dataset) -> Double {
  fields.enumerated().reduce(0) { sum, entry in
    let (pixel, field) = entry
    return sum + conditionalEntropy(of: pixel, given: field, data)
  }
}

/// H(x_pixel | x_field) over the rows of binary data, in nats.
private func conditionalEntropy(of pixel: Int, given field: [Int], _ data: Dataset) -> Double {
  var counts: [[Float]: (off: Int, on: Int)] = [:]
  for index in 0..<data.count {
    let row = data.example(index)
    let context = field.map { row[row.startIndex + $0] }
    if row[row.startIndex + pixel] > 0.5 {
      counts[context, default: (0, 0)].on += 1
    } else {
      counts[context, default: (0, 0)].off += 1
    }
  }
  // Sorted: the order of a dictionary must not reach a number.
  let pairs = counts.values.sorted { ($0.on, $0.off) < ($1.on, $1.off) }
  return pairs.reduce(0) { sum, pair in
    let total = Double(pair.on + pair.off)
    let terms = [pair.on, pair.off].filter { $0 > 0 }.map { count in
      -Double(count) * Elementary.log(Double(count) / total)
    }
    return sum + terms.reduce(0, +) / Double(data.count)
  }
}
