"""Forms of a return: the classes in which units stand, as data, and the lines in which the form counts them."""

from graphkit.rules.returns.form import UNCLASSED, Line, ReturnClass, ReturnForm
from graphkit.rules.returns.reader import list_return_forms, read_return_form

__all__ = ["UNCLASSED", "Line", "ReturnClass", "ReturnForm", "list_return_forms", "read_return_form"]
