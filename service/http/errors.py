"""The errors that only HTTP knows; those of the domain are in `graph.errors`.

ServiceError
├── Unreadable           a body or query that does not parse
├── OtherMedia           a body of a media type that is not taken
│   └── OtherCoding      a body that is compressed
├── BodyTooLarge         a body past the limit
├── NoRoute              no such address
├── OtherMethod          an address without this method
├── ConditionMissing     a write without the If-Match that a setting asks for
├── ConditionFailed      a precondition that does not hold, other than a stale one
├── UrlTooLong           an address past the limit
├── OtherHost            a Host that this service does not answer to
├── ForeignOrigin        a write from the page of another origin
├── NotYours             what another has made, and only they may take back
├── SwitchedOff          what whoever runs the service has not switched on
├── Busy                 more long questions at once than the service takes
└── TookTooLong          an answer that was not ready in time
"""

from collections.abc import Sequence
from typing import ClassVar

from schemas.problem import FieldProblem


class ServiceError(Exception):
    """Base of all; shaped as the errors of the domain are."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str, problems: Sequence[FieldProblem] = (), *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problems = tuple(problems)
        self.name = code or self.code

    @property
    def headers(self) -> dict[str, str]:
        """Headers that the answer must carry."""
        return {}


class Unreadable(ServiceError):
    """A body or query that does not parse."""

    code = "not_json"


class OtherMedia(ServiceError):
    """A body of a media type that is not taken."""

    code = "media_type"

    def __init__(self, detail: str, taken: Sequence[str], patch: bool = False) -> None:
        super().__init__(detail)
        self.taken = taken
        self.patch = patch

    @property
    def headers(self) -> dict[str, str]:
        """What would be taken, in the header of the method's own standard."""
        return {"Accept-Patch" if self.patch else "Accept": ", ".join(self.taken)}


class OtherCoding(OtherMedia):
    """A body with a content coding, such as a compressed one."""

    @property
    def headers(self) -> dict[str, str]:
        """What would be taken (RFC 9110, 12.5.3)."""
        return {"Accept-Encoding": "identity"}


class BodyTooLarge(ServiceError):
    """A body past the limit; the rest of it is not read, so the connection ends."""

    code = "too_large"

    @property
    def headers(self) -> dict[str, str]:
        """The connection cannot go on behind a body that was not read."""
        return {"Connection": "close"}


class NoRoute(ServiceError):
    """No such address."""

    code = "route_not_found"


class OtherMethod(ServiceError):
    """An address without this method."""

    code = "method_not_allowed"

    def __init__(self, detail: str, allowed: Sequence[str]) -> None:
        super().__init__(detail)
        self.allowed = allowed

    @property
    def headers(self) -> dict[str, str]:
        """The methods that the address has."""
        return {"Allow": ", ".join(self.allowed)}


class ConditionMissing(ServiceError):
    """A write without the If-Match that a setting asks for."""

    code = "if_match_required"


class NotYours(ServiceError):
    """What another has made, and only they may change."""

    code = "not_yours"


class SwitchedOff(ServiceError):
    """An operation that whoever runs the service has not switched on."""

    code = "switched_off"


class Busy(ServiceError):
    """More long questions at once than the service takes."""

    code = "busy"
    retryable = True


class TookTooLong(ServiceError):
    """An answer that was not ready in time."""

    code = "took_too_long"
    retryable = True


class ConditionFailed(ServiceError):
    """A precondition that does not hold: the tag of another address, or If-None-Match on a write."""

    code = "precondition_failed"


class UrlTooLong(ServiceError):
    """An address past the limit."""

    code = "url_too_long"


class OtherHost(ServiceError):
    """A Host that this service does not answer to."""

    code = "other_host"


class ForeignOrigin(ServiceError):
    """A write from the page of another origin."""

    code = "foreign_origin"


def unreadable(what: str, code: str = "not_json") -> Unreadable:
    """What is wrong with a body."""
    return Unreadable(f"the body {what}", [FieldProblem("", what)], code=code)


def body_too_large(limit: int) -> BodyTooLarge:
    """A body of more bytes than the setting allows."""
    return BodyTooLarge(f"the body is larger than {limit} bytes (setting ARGUMAP_BODY_LIMIT); send it in parts")
