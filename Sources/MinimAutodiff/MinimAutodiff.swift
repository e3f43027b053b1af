// MinimAutodiff
