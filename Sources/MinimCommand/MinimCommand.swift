// MinimCommand
