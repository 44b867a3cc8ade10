"""Checks values against botocore's own service models, patterns and enums included."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from botocore.loaders import Loader
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape
from botocore.validate import ParamValidator


class Violation(NamedTuple):
    """One constraint that a value does not meet; `rule` is the model's own word for it."""

    rule: str
    member: str
    message: str


@cache
def service_model(service: str) -> ServiceModel:
    """Load botocore's model of a service."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@cache
def regions(service: str) -> frozenset[str]:
    """Give every Region of any partition in which botocore knows the service."""
    partitions = Loader().load_data("endpoints")["partitions"]
    known = (one["services"].get(service, {}).get("endpoints", {}) for one in partitions)
    return frozenset(region for endpoints in known for region in endpoints)


@cache
def operation_model(service: str, operation: str) -> OperationModel:
    """Give the model of an operation that the service has."""
    return service_model(service).operation_model(operation)


def has_wrong_type(shape: Shape, value: object) -> bool:
    """Tell whether the value, or something inside it, is of another type than the model's."""
    try:
        report = ParamValidator().validate(value, shape).generate_report()
    except RuntimeError:  # what botocore says of a number that is no time
        return True
    return any(line.startswith("Invalid type") for line in report.splitlines())


def violations(shape: Shape, value: object, member: str = "") -> Iterator[Violation]:
    """Give every constraint that a value of the right type does not meet, in the model's order."""
    if isinstance(value, Mapping) and isinstance(shape, StructureShape):
        for name in shape.required_members:
            if name not in value:
                at = _joined(member, name)
                yield Violation("required", at, _sentence(None, at, "Member must not be null"))
        for name, part in shape.members.items():
            if name in value:
                yield from violations(part, value[name], _joined(member, name))
    elif isinstance(value, list) and isinstance(shape, ListShape):
        yield from _size_violations(shape, value, member)
        for number, item in enumerate(value, 1):
            yield from violations(shape.member, item, f"{member}.{number}.member")
    elif isinstance(value, str | int):
        yield from _size_violations(shape, value, member)
        if isinstance(value, str):
            yield from _string_violations(shape, value, member)


def _string_violations(shape: Shape, value: str, member: str) -> Iterator[Violation]:
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(value):
        wish = f"Member must satisfy regular expression pattern: {pattern}"
        yield Violation("pattern", member, _sentence(value, member, wish))
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        wish = f"Member must satisfy enum value set: [{', '.join(allowed)}]"
        yield Violation("enum", member, _sentence(value, member, wish))


def _size_violations(
    shape: Shape, value: str | int | list[object], member: str
) -> Iterator[Violation]:
    size, counted = (value, "value") if isinstance(value, int) else (len(value), "length")
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        wish = f"Member must have {counted} greater than or equal to {least}"
        yield Violation(f"min {counted}", member, _sentence(value, member, wish))
    if most is not None and size > most:
        wish = f"Member must have {counted} less than or equal to {most}"
        yield Violation(f"max {counted}", member, _sentence(value, member, wish))


def _joined(member: str, name: str) -> str:
    name = name[0].lower() + name[1:]
    return f"{member}.{name}" if member else name


def _sentence(value: object, member: str, wish: str) -> str:
    shown = "" if value is None else f"'{value}' "
    return f"Value {shown}at '{member}' failed to satisfy constraint: {wish}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Python's `re` has no Unicode categories, which only tags of STS use: those pass unchecked
    return re.compile("(?s).*" if r"\p{" in pattern else pattern, re.ASCII)
