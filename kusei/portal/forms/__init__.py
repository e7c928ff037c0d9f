"""What residents send."""
