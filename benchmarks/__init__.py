"""Benchmarks: the project against a bare pipeline, in one run on one machine. See README.md."""
