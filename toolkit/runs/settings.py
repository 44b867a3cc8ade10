"""What a run is asked to do, checked before anything is asked of AWS."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from toolkit.aws import Caller, link_regions
from toolkit.errors import InputError, expect
from toolkit.fetch import FURTHER, check_account_ids
from toolkit.schema import CallerKind

LinkRegions = Iterable[str] | Literal["all", "none"] | None

Sources = Iterable[str] | str | None
"""Names of sources, also as one text with commas; "default", "all" and "none" stand for several."""

_REGION: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_ROLE: Final = re.compile(r"[\w+=,.@/-]{1,512}", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """What to ask: `accounts` None is every one, `rate` None is to be found out.

    `sources` are those that are asked beside the accounts and their pairs.
    """

    accounts: tuple[str, ...] | None
    regions: tuple[str, ...]
    role_name: str | None
    sources: tuple[str, ...]
    rate: float | None
    max_age: timedelta | None
    fresh: bool

    def noted(self) -> dict[str, Any]:
        """Return what two runs must have in common for one to go on with the other."""
        return {
            "accounts": sorted(self.accounts) if self.accounts is not None else None,
            "link regions": sorted(self.regions),
            "role name": self.role_name,
            "sources": sorted(self.sources),
        }


def settle(
    *,
    accounts: Iterable[str] | None,
    regions: LinkRegions,
    role_name: str | None,
    sources: Sources,
    with_witness: bool,
    rate: float | None,
    max_age: timedelta | None,
    fresh: bool,
) -> Settings:
    """Return the settings; raises InputError where one of them cannot be right."""
    expect(rate, float | int | None, "rate", "Give calls per second, or none to have it found.")
    expect(max_age, timedelta | None, "age", "Give one such as timedelta(hours=12).")
    expect(role_name, str | None, "name of a role", "Give the name alone, without an ARN.")
    expect(fresh, bool, "answer", "Say with True or False whether to start over.")
    expect(accounts, Iterable | None, "list of account ids", "Give a list of texts of 12 digits.")
    expect(regions, Iterable | None, "list of Regions", "Give all, none or a list of Regions.")
    expect(sources, Iterable | None, "list of sources", "Give default, all, none or a list.")
    if rate is not None and not 0 < rate < float("inf"):
        raise InputError(f"A rate of {rate} calls per second cannot be held.", "Give one above 0.")
    if max_age is not None and max_age <= timedelta(0):
        raise InputError(f"No answer is younger than {max_age}.", "Give an age such as 12 hours.")
    if role_name is not None and not _ROLE.fullmatch(role_name):
        raise InputError(
            f"'{role_name}' is not the name of a role.", "Give the name alone, without an ARN."
        )
    chosen = None if accounts is None else tuple(check_account_ids(accounts))
    if chosen == ():
        raise InputError("No account id was given.", "Leave accounts out to ask about every one.")
    asked = chosen_sources(sources, with_witness=with_witness)
    return Settings(
        accounts=chosen,
        regions=tuple(_settled(regions)) if "links" in asked else (),
        role_name=role_name,
        sources=asked,
        rate=rate,
        max_age=max_age,
        fresh=fresh,
    )


def chosen_sources(sources: Sources, *, with_witness: bool) -> tuple[str, ...]:
    """Return the sources to ask beside the accounts and their pairs, in the order of `FURTHER`.

    Raises InputError for what is none, and for the witness where nobody can ask it.
    """
    if sources is None:
        sources = ["default"]
    elif isinstance(sources, str):
        sources = sources.split(",")
    named: set[str] = set()
    for one in sources:
        expect(one, str, "name of a source", "Give default, all, none or a list of names.")
        name = one.strip()
        if name in ("all", "default"):
            named |= {one for one, is_default in FURTHER.items() if is_default or name == "all"}
            named -= set() if with_witness else {"witness"}
        elif name in FURTHER:
            named.add(name)
        elif name not in ("", "none", "accounts", "govcloud"):
            raise InputError(
                f"'{name}' is no source.",
                f"Name some of {', '.join(FURTHER)}, or default, all or none.",
            )
    if "witness" in named and not with_witness:
        raise InputError(
            "The witness needs a login of the GovCloud organization.",
            "Name its profile with --govcloud-profile (govcloud= in Python), or leave it out.",
        )
    return tuple(name for name in FURTHER if name in named)


def _settled(regions: LinkRegions) -> list[str]:
    if regions is None:
        return link_regions()
    if isinstance(regions, str):
        regions = {"all": link_regions(), "none": []}.get(regions, [regions])
    chosen = list(regions)
    for region in chosen:
        expect(region, str, "name of a Region", "Give Regions such as us-east-1, all or none.")
        if not _REGION.fullmatch(region):
            raise InputError(
                f"'{region}' is not an AWS Region.", "Give Regions such as us-east-1, all or none."
            )
    return list(dict.fromkeys(chosen))


@dataclass(frozen=True)
class Scope:
    """Whose accounts a run is about, as the store names them.

    A caller who may not list its organization, or has none, is a scope of its own: its snapshot
    must not stand among those of a whole organization. `listed` tells whether ListAccounts is
    asked, and `chosen` which accounts alone are, if not every one.
    """

    organization_id: str
    listed: bool
    chosen: tuple[str, ...] | None
    complete: bool


def scope(caller: Caller, settings: Settings) -> Scope:
    """Return whose accounts this caller can ask about with these settings."""
    alone = caller.kind in (CallerKind.MEMBER, CallerKind.STANDALONE)
    own = f"account-{caller.account_id}"
    return Scope(
        organization_id=own if alone or not caller.organization_id else caller.organization_id,
        listed=not alone,
        chosen=(caller.account_id,) if alone and settings.accounts is None else settings.accounts,
        complete=settings.accounts is None,
    )
