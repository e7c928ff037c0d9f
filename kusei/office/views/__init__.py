"""The office's pages, one file for each topic."""
