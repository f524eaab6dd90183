"""Arithmetic as it stands in a configuration, as a value that can be called; nothing is ever `eval`ed.

Python's parser reads the text; a list of what is allowed does the rest. Numbers are kept small enough that no
formula can hang or eat the memory, whatever it says.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from banish.core.errors import ConfigError

Number: TypeAlias = "int | float"

LONGEST = 1000  # characters; the longest formula in jail.conf(5) has 70
DEEPEST = 60  # operators within operators; the deepest stock formula has 6
WIDEST = 4096  # bits of a whole number; the largest float has 1024

_OPERATORS: Mapping[type[ast.AST], Callable[..., Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

# Of `math` those that take numbers, give a number, and take no time: no factorial, comb, perm, prod.
_MATH = (
    *("acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt"),
    *("ceil", "copysign", "cos", "cosh", "degrees", "erf", "erfc", "exp"),
    *("exp2", "expm1", "fabs", "floor", "fmod", "gamma", "hypot", "lgamma"),
    *("log", "log10", "log1p", "log2", "pow", "radians", "remainder", "sin"),
    *("sinh", "sqrt", "tan", "tanh", "trunc"),
)


def _round(value: Number, digits: Number = 0) -> Number:
    """Round; to so many digits that a float has them, or `round` would take a power of ten of any size."""
    if not isinstance(digits, int) or abs(digits) > 308:
        raise ValueError("so many digits cannot be rounded to")
    return round(value, digits)


_FUNCTIONS: Mapping[str, Callable[..., Number]] = {
    **{f.__name__: f for f in (abs, float, int, max, min)},
    "round": _round,
    **{f"math.{name}": getattr(math, name) for name in _MATH},
}
_CONSTANTS: Mapping[str, Number] = {
    "math.pi": math.pi,
    "math.e": math.e,
    "math.tau": math.tau,
    "math.inf": math.inf,
}

_TIME, _COUNT, _FACTOR = "ban.Time", "ban.Count", "banFactor"

# The parser warns of `1if` and its like; a number must end where the word does.
_ODD_NUMBER = re.compile(
    r"(?<![\w.])\d[\d_.]*(?!e[-+]?\d)[^\W\d_]|(?<![\w.])\d[\d_.]*e[-+]?\d+[^\W\d]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Formula:
    """How long a ban lasts: a function of the ban time, the number of earlier bans, and a factor.

    Where it has no value (a division by zero, a number too large) calling it raises an `ArithmeticError` or a
    `ValueError`. Two formulas are equal if their texts are.
    """

    text: str
    _tree: ast.expr = field(compare=False, repr=False)

    def __call__(self, seconds: float, count: int, factor: float) -> float:
        """Compute; takes microseconds. A whole number of seconds is a whole number in the formula, too."""
        whole = int(seconds) if seconds.is_integer() else seconds
        return float(_value(self._tree, {_TIME: whole, _COUNT: count, _FACTOR: factor}))


def formula(text: str) -> Formula:
    """Read a formula with the variables `ban.Time`, `ban.Count` and `banFactor`."""
    tree = _parsed(text)
    _check(tree, {*_CONSTANTS, _TIME, _COUNT, _FACTOR})
    return Formula(text, tree)


def number(text: str) -> Number:
    """Compute an expression without variables."""
    tree = _parsed(text)
    _check(tree, set(_CONSTANTS))
    try:
        return _value(tree, {})
    except (ArithmeticError, ValueError) as error:
        raise ConfigError(f"cannot be computed: {error}") from error


def _parsed(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ConfigError(f"longer than {LONGEST} characters; write a shorter expression")
    odd = _ODD_NUMBER.search(text)
    if odd:
        raise ConfigError(f'"{odd[0]}" is no number; write an arithmetic expression')
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ConfigError("not an arithmetic expression; write one such as ban.Time * 2") from error


def _check(node: ast.AST, names: set[str], depth: int = 0) -> None:
    """Refuse everything that is not on the list; what passes is computed by `_value` without a surprise."""
    if depth > DEEPEST:
        raise ConfigError(f"nested more than {DEEPEST} deep; write a simpler expression")
    if isinstance(node, ast.Name | ast.Attribute):
        if _name(node) not in names:
            raise ConfigError(f'"{ast.unparse(node)}" is not known here; use {", ".join(sorted(names))}')
        return
    if not _is_arithmetic(node):
        seen = ast.unparse(node)[:60]
        raise ConfigError(f'"{seen}" is more than arithmetic; numbers, operators and functions will do')
    for part in node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node):
        if isinstance(part, ast.expr):
            _check(part, names, depth + 1)


def _is_arithmetic(node: ast.AST) -> bool:
    """Whether this one node is allowed, whatever is below it."""
    match node:
        case ast.Constant(value=value):
            return isinstance(value, int | float)
        case ast.BinOp(op=op) | ast.UnaryOp(op=op):
            return type(op) in _OPERATORS
        case ast.Compare(ops=ops):
            return all(type(op) in _OPERATORS for op in ops)
        case ast.Call(func=func, keywords=keywords):
            return _name(func) in _FUNCTIONS and not keywords
        case _:
            return isinstance(node, ast.BoolOp | ast.IfExp)


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return f"{owner}.{name}"
        case _:
            return ""


def _value(node: ast.expr, variables: Mapping[str, Number]) -> Number:
    match node:
        case ast.Constant(value=constant) if isinstance(constant, int | float):
            return constant
        case ast.Name() | ast.Attribute():
            return {**_CONSTANTS, **variables}[_name(node)]
        case ast.BinOp():
            return _binary(type(node.op), _value(node.left, variables), _value(node.right, variables))
        case ast.UnaryOp():
            return _apply(_OPERATORS[type(node.op)], [_value(node.operand, variables)])
        case ast.Call():
            return _apply(_FUNCTIONS[_name(node.func)], [_value(part, variables) for part in node.args])
        case _:
            return _decided(node, variables)


def _decided(node: ast.expr, variables: Mapping[str, Number]) -> Number:
    """Compute what may leave a part of itself uncomputed."""
    match node:
        case ast.IfExp():
            return _value(node.body if _value(node.test, variables) else node.orelse, variables)
        case ast.BoolOp():
            return _either(node, variables)
        case ast.Compare():
            return _compared(node, variables)
        case _:
            raise AssertionError(ast.dump(node))


def _either(node: ast.BoolOp, variables: Mapping[str, Number]) -> Number:
    stop = isinstance(node.op, ast.Or)
    result: Number = not stop
    for part in node.values:
        result = _value(part, variables)
        if bool(result) is stop:
            break
    return result


def _compared(node: ast.Compare, variables: Mapping[str, Number]) -> Number:
    left = _value(node.left, variables)
    for op, comparator in zip(node.ops, node.comparators, strict=True):
        right = _value(comparator, variables)
        if not _OPERATORS[type(op)](left, right):
            return False
        left = right
    return True


def _binary(op: type[ast.operator], left: Number, right: Number) -> Number:
    """Compute, unless the result would be a number of a size that takes time or memory."""
    if isinstance(left, int) and isinstance(right, int):
        grows = {ast.Pow: left.bit_length() * right, ast.LShift: left.bit_length() + right}.get(op, 0)
        if grows > WIDEST or (op is ast.LShift and right > WIDEST):
            raise OverflowError(f"a whole number of more than {WIDEST} bits")
    return _apply(_OPERATORS[op], [left, right])


def _apply(function: Callable[..., Number], arguments: list[Number]) -> Number:
    try:
        result = function(*arguments)
    except TypeError as error:
        raise ValueError(str(error)) from error
    if not isinstance(result, int | float):
        raise ValueError("not a real number")  # noqa: TRY004 - the caller knows ValueError: it has no value
    if isinstance(result, int) and result.bit_length() > WIDEST:
        raise OverflowError(f"a whole number of more than {WIDEST} bits")
    return result
