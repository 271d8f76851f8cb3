"""The catalogue of metrics, the scope they are asked in, and `measure`, the one SELECT that answers."""
