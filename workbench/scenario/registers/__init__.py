"""Registers of persons and organisations that five agencies keep, with noise, and the truth beside them."""

from workbench.scenario.registers.generate import Registers, generate_registers

__all__ = ["Registers", "generate_registers"]
