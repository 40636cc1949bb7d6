"""The step path for large shapes: static buffers, CUDA graphs, FP8, overlapped decoding. Importing this is light."""
