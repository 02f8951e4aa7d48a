"""Tests of the public counter."""
