import MinimFiles

/// An event for TensorBoard: a message of `event.proto` with a time, a step, and one content.
struct Event: Equatable {
  private let message: ProtobufMessage

  /// - Parameter time: seconds since 1970.
  private init(time: Double, step: Int, _ number: Int, _ content: ProtobufMessage.Value) {
    message = ProtobufMessage((1, .double(time)), (2, .integer(step)), (number, content))
  }

  /// The event as a record of an event file.
  var record: [UInt8] { TFRecord.frame(message.bytes) }

  /// The first event of a file, which declares the kind of the others.
  static func version(time: Double) -> Event { Event(time: time, step: 0, 3, .text("brain.Event:2")) }

  /// The start of a session at step 0: a reader drops all that it has seen of the run in other files.
  static func sessionStart(time: Double) -> Event {
    Event(time: time, step: 0, 7, .message(ProtobufMessage((1, .integer(1)))))
  }

  /// The metrics of a step, each twice. TensorBoard's default loader, the data server, takes only Floats as scalars and
  /// silently leaves out a series of Doubles. So its pages show the metric rounded to Float under the metric's name,
  /// and NAME/float64 has all bits, as a tensor that no page looks for and every reader returns.
  static func metrics(_ metrics: [(name: String, value: Double)], time: Double, step: Int) -> Event {
    summary(metrics.flatMap { [rounded($0.name, $0.value), exact($0.name, $0.value)] }, time: time, step: step)
  }

  /// A picture of a step, as the bytes of its file.
  static func picture(_ tag: String, _ image: Image, png: [UInt8], time: Double, step: Int) -> Event {
    // Color spaces are numbers of channels: 1 gray, 3 RGB.
    let content = ProtobufMessage(
      (1, .integer(image.height)), (2, .integer(image.width)), (3, .integer(image.channels)), (4, .bytes(png)))
    return summary([ProtobufMessage((1, .text(tag)), (4, .message(content)))], time: time, step: step)
  }

  private static func summary(_ values: [ProtobufMessage], time: Double, step: Int) -> Event {
    Event(time: time, step: step, 5, .message(ProtobufMessage(values.map { (1, .message($0)) })))
  }

  private static func rounded(_ name: String, _ value: Double) -> ProtobufMessage {
    ProtobufMessage((1, .text(name)), (2, .float(Float(value))))
  }

  private static func exact(_ name: String, _ value: Double) -> ProtobufMessage {
    // DT_DOUBLE without a shape: one number.
    let tensor = ProtobufMessage((1, .integer(2)), (6, .double(value)))
    // Readers warn about a tensor that belongs to no plugin; DATA_CLASS_TENSOR.
    let plugin = ProtobufMessage((1, .text("minim")))
    let metadata = ProtobufMessage((1, .message(plugin)), (4, .integer(2)))
    return ProtobufMessage((1, .text("\(name)/float64")), (9, .message(metadata)), (8, .message(tensor)))
  }
}
