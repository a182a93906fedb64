"""Resolution: who is the same, what people say about it, and what is too common to tell."""

from workbench.resolve.common import CommonValue, common_values

__all__ = ["CommonValue", "common_values"]
