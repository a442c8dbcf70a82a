"""Kernels: compiled loops over arrays, which know nothing of villages."""
