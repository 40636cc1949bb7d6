"""The stages that make a generator: VAE, diffusion, adaptation, consistency, adversarial, long video."""
