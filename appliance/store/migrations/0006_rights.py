"""Departments, roles, the directory of numbers, and who may see which."""

STATEMENTS: tuple[str, ...] = ()
