"""One model on several devices: context and tensor parallelism, applied from outside. Importing this is light."""
