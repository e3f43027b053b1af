// MinimNN
