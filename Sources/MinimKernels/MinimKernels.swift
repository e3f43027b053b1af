// MinimKernels
