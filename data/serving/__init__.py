"""The built versions: which one is served, how a new one is swapped in, and recovery after a crash."""
