// MinimConfiguration
