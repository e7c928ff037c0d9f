"""What stands behind `dev.py`: the environment, the test databases, the checks. Standard library only."""
