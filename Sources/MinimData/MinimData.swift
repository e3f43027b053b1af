// MinimData
