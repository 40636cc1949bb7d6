"""Measurements that a user can run: `nodegraph bench`."""
