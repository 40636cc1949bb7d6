"""The APT2 generator: configuration, transformer, VAE, sessions. Importing this does not import torch."""
