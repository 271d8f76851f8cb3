"""What to do next: gains ranked, actions, savings, and comparable services."""
