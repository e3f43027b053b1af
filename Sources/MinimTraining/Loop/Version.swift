/// The version of Minim that wrote a run.
public let minimVersion = "0.1.0"
