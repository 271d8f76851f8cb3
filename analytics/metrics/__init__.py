"""The catalogue of metrics, the scope they are measured over, and `measure`, the one SELECT."""
