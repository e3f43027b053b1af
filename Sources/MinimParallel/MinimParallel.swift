// MinimParallel
