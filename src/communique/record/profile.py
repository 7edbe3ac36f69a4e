"""A report in the terms in which stories compare it."""

from __future__ import annotations

from ..schema import PartyMention, Report
from ..stories import Profile, signature_of


def key_of(party: PartyMention) -> str:
    """What makes two mentions the same party across articles: the person or body by name, a state's people by code,
    else the words.
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
