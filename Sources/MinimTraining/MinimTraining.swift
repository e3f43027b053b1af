// MinimTraining
