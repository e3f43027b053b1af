// One import for a user of the library: tensors, layers, models, data and training.
@_exported import MinimAutodiff
@_exported import MinimConfiguration
@_exported import MinimData
@_exported import MinimDrawing
@_exported import MinimFiles
@_exported import enum MinimKernels.RandomPurpose
@_exported import struct MinimKernels.RandomKey
@_exported import MinimModels
@_exported import MinimNN
@_exported import MinimTraining
