"""Public names of a package that are loaded on first use, so that its import is quick."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any


def loaded_on_use(
    package: str, where: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The functions `__getattr__` and `__dir__` of a package, given the names in each module.

    No module of the package may have such a name, unless the package is `named_before_modules`: it would hide the name
    once it is imported.
    """
    modules = {name: module for module, names in where.items() for name in names}

    def get(name: str) -> Any:
        if name in modules:
            return getattr(import_module(modules[name]), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get, lambda: sorted({*vars(import_module(package)), *modules})


def named_before_modules(package: str, names: frozenset[str]) -> None:
    """Let these names of a package be loaded on use, although modules of it have them too.

    An import of such a module then does not hide the name.
    """

    class Package(ModuleType):
        def __setattr__(self, name: str, value: Any) -> None:
            if name not in names or not isinstance(value, ModuleType):
                super().__setattr__(name, value)

    sys.modules[package].__class__ = Package
