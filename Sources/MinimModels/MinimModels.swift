// MinimModels
