"""The runtime that every agent shares: everything around an agent's decisions."""

from agents.runtime.folding import Outcome
from agents.runtime.given import Given
from agents.runtime.runtime import Health, Runtime

__all__ = ["Given", "Health", "Outcome", "Runtime"]
