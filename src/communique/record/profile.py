"""The profile of a report, by which its article is compared with others."""

from __future__ import annotations

from ..schema import PartyMention, Report
from ..stories import Profile, signature_of


def key_of(party: PartyMention) -> str:
    """Returns the key by which mentions in different articles are the same party: its id or name, else its state and
    sector, else its words.
    """
    if party.id or party.name:
        return party.id or str(party.name)
    return (
        f"{party.country or ''} {party.sector or ''}" if party.country else " ".join((party.text or "").lower().split())
    )


def profile_of(report: Report) -> Profile:
    day = report.article.published
    return Profile(
        report.article.id, signature_of(report.article.text), day.from_ if day and day.from_ == day.to else None
    )
