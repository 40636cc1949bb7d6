"""Example workflows, shipped as data; each one is run by a test."""
