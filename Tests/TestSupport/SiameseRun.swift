/// A SimSiam that collapses within a hundred steps: a run of milliseconds that has diagnostics and an alarm.
package enum SiameseRun {
  package static let config = """
    {
      "name": "siamese",
      "model": {
        "name": "simsiam", "hidden": [12], "outputs": 8, "predictorHidden": [5], "stopGradient": false,
        "augmentation": { "shift": 1, "cutOut": 0 }
      },
      "data": { "name": "barsAndStripes", "height": 4, "width": 4 },
      "batch": { "examples": 16, "shards": 2 },
      "optimizer": { "learningRate": 0.01 },
      "training": { "steps": 120 },
      "intervals": { "log": 10, "checkpoint": 40, "samples": 60, "diagnostics": 20 },
      "samples": 8
    }
    """
}
