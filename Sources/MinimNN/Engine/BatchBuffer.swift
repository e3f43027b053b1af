import MinimAutodiff
import MinimData
import MinimKernels

/// The memory for the examples of a shard, and for their labels and places in the data if the objective depends on
/// them.
public struct BatchBuffer: BitwiseCopyable, Sendable {
  /// [count, ...], followed by the extents of an example.
  public let examples: ValueBuffer
  /// [count, classes]; nil if nothing depends on labels.
  public let labels: ValueBuffer?
  /// [count]; nil if nothing depends on which rows of the data the examples are.
  public let indices: ValueBuffer?

  /// The inputs of a replay; nil if it does not depend on examples.
  init?(_ replay: Replay, _ precision: Precision) {
    func buffer(_ name: String) -> ValueBuffer? { replay.input(name).map { ValueBuffer($0, precision) } }
    labels = buffer(Batch.labelName)
    indices = buffer(Batch.indexName)
    guard let examples = buffer(Batch.inputName) else {
      require(labels == nil && indices == nil, "an expression of labels or indices must depend on their examples too")
      return nil
    }
    self.examples = examples
  }

  /// Writes values of examples from `index` on.
  public func write(_ values: ArraySlice<Float>, at index: Int) { examples.write(values, at: index) }

  /// Writes the rows of `data` that `indices` names, one after the other from the start on, with their labels and places.
  public func write(_ indices: ArraySlice<Int>, of data: Dataset) {
    examples.write(indices, of: data)
    writePlaces(indices)
    guard let labels, data.classes > 0 else { return }
    for (slot, index) in indices.enumerated() { labels.write(class: data.labels[index], of: data.classes, at: slot) }
  }

  /// Writes the examples that `indices`, a range without gaps, names.
  public func write(_ indices: ArraySlice<Int>, of source: Examples) {
    switch source {
    case .rows(let data): write(indices, of: data)
    case .draws(let source, let key):
      guard let first = indices.first else { return }
      examples.write(source, first..<first + indices.count, key: key)
      writePlaces(indices)
    case .absent: mistake("a step needs examples, and they are not at hand: only samples are drawn without them")
    case .none: mistake("an objective reads examples, and its data are a density alone: a model must refuse such data")
    }
  }

  /// Writes examples whose values are elsewhere already, one after the other from the start on.
  ///
  /// - Parameters:
  ///   - indices: the examples.
  ///   - values: their values, from `first` on.
  ///   - source: where they come from.
  func write(_ indices: ArraySlice<Int>, with values: ValueBuffer, from first: Int, of source: Examples) {
    for i in 0..<indices.count * source.exampleShape.elementCount { examples[i] = values[first + i] }
    writePlaces(indices)
    guard let labels, case .rows(let data) = source, data.classes > 0 else { return }
    for (slot, index) in indices.enumerated() { labels.write(class: data.labels[index], of: data.classes, at: slot) }
  }

  private func writePlaces(_ places: ArraySlice<Int>) {
    guard let indices else { return }
    for (slot, place) in places.enumerated() { indices[slot] = Double(place) }
  }
}

extension ValueBuffer {
  /// Writes a label as row `row` of a table with one column per class: a single 1.
  public func write(class label: Int, of classes: Int, at row: Int) {
    for column in 0..<classes { self[row * classes + column] = column == label ? 1 : 0 }
  }
}
