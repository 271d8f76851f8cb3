"""The pages of a department's services and of one service."""
