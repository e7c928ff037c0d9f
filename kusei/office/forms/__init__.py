"""What people fill in in the office, one file for each topic."""
