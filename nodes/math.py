"""Simple mathematics for widgets: a number, an operation, a slow wave."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from typing import Annotated, NamedTuple

from nodegraph.errors import NodegraphError
from nodegraph.graph import Choice, Live, Number, node
from nodegraph.values import TICK_S

__all__ = ["NumberOut", "ResultOut", "math_calculate", "math_number", "math_wave"]

_LIMIT = 1e12
OPERATIONS = ("add", "subtract", "multiply", "divide", "minimum", "maximum", "power", "modulo")


class NumberOut(NamedTuple):
    """A number."""

    value: float


class ResultOut(NamedTuple):
    """The result of an operation."""

    result: float


@node(id="math.number", version=1, name="Number", category="math")
def math_number(
    *, value: Live[Annotated[float, Number(ge=-_LIMIT, le=_LIMIT, soft=(-10, 10), step=0.1), "The number."]] = Live(0.0)
) -> NumberOut:
    """Give one number to several nodes. It may change during a live run."""
    return NumberOut(float(value.value))


@node(id="math.calculate", version=1, name="Calculate", category="math")
def math_calculate(
    *,
    a: Annotated[float, Number(ge=-_LIMIT, le=_LIMIT, step=0.1), "First number."] = 0.0,
    b: Annotated[float, Number(ge=-_LIMIT, le=_LIMIT, step=0.1), "Second number."] = 0.0,
    operation: Annotated[str, Choice(options=OPERATIONS), "What to do with them."] = "add",
) -> ResultOut:
    """Combine two numbers. Wired to a stream, such as a wave, it calculates anew at every tick."""
    try:
        result = _calculate(float(a), float(b), operation)
    except (ArithmeticError, ValueError) as error:
        raise _no_result(f"{a:g} {operation} {b:g}") from error
    if isinstance(result, complex) or not math.isfinite(result):
        raise _no_result(f"{a:g} {operation} {b:g}")
    return ResultOut(result)


@node(id="math.wave", version=1, name="Wave", category="math")
async def math_wave(
    *,
    tick: AsyncIterator[int],
    amplitude: Live[
        Annotated[float, Number(ge=-_LIMIT, le=_LIMIT, soft=(0, 10), step=0.1), "Height of the wave."]
    ] = Live(1.0),
    offset: Live[Annotated[float, Number(ge=-_LIMIT, le=_LIMIT, soft=(-10, 10), step=0.1), "Its middle."]] = Live(0.0),
    period_s: Annotated[
        float, Number(ge=0.4, le=3600, soft=(0.4, 20), step=0.1, unit="s"), "Seconds from crest to crest."
    ] = 4.0,
) -> AsyncIterator[NumberOut]:
    """A number that swings up and down as a sine, to move a camera or a strength by itself."""
    async for t in tick:
        yield NumberOut(offset.value + amplitude.value * math.sin(2.0 * math.pi * t * TICK_S / period_s))


def _calculate(a: float, b: float, operation: str) -> float | complex:
    if operation == "add":
        return a + b
    if operation == "subtract":
        return a - b
    if operation == "multiply":
        return a * b
    if operation == "divide":
        return a / b
    if operation == "minimum":
        return min(a, b)
    if operation == "maximum":
        return max(a, b)
    if operation == "modulo":
        return a % b
    power: float | complex = a**b
    return power


def _no_result(got: str) -> NodegraphError:
    return NodegraphError(
        "out_of_range", "This calculation has no result.", got=got, port="b", remedy="Choose other numbers."
    )
