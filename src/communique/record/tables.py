"""The SQL of a record: its tables, its ready-made views, and queries that several modules use."""

from __future__ import annotations

from ..events.ontology import MUTUAL
from ..schema import DEFAULT_CONFIDENCE

SCHEMA = 5

# What was read and judged. Rows are only added; only `forget` erases.
KEPT = """
create table meta(schema_version integer, created timestamptz);
create table articles(id varchar, reader varchar, recorded_at timestamptz, url varchar, title varchar,
    publisher varchar, published_from date, published_to date, sha256 varchar, credit varchar, words integer,
    report varchar, primary key(id, reader));
create table profiles(article varchar, reader varchar, terms bigint[], weights float[], names bigint[],
    name_weights float[], hashes bigint[], words integer, vector float[], day date);
create table accounts(id varchar, article varchar, reader varchar, recorded_at timestamptz, event varchar);
create table statements(id varchar, article varchar, reader varchar, recorded_at timestamptz, source varchar,
    codes varchar[], about varchar[], addressed varchar[], text varchar, parties varchar, statement varchar);
create table links(article varchar, reader varchar, recorded_at timestamptz, event varchar, other varchar, type varchar,
    cue varchar);
create table judgements(id varchar, recorded_at timestamptz, target varchar, verdict varchar, judge varchar,
    why varchar, change varchar, article varchar, trigger_start integer, trigger_end integer, kind varchar);
create table failures(page varchar, cause varchar, recorded_at timestamptz);
create table furniture(article varchar, recorded_at timestamptz, lines varchar[]);
create table forgotten(article varchar, recorded_at timestamptz, judge varchar, why varchar);
"""
# What is derived from it, again for each story that an article joins.
DERIVED = """
create table bands(band varchar, article varchar);
create table terms(term bigint, article varchar, bucket integer);
create table ties(a varchar, b varchar, score double, wording double, facts double);
create table stories(article varchar, story varchar, place integer, tie varchar, follows varchar);
create table events(id varchar, story varchar, type varchar, mode varchar, quad varchar, score double,
    modality varchar, polarity varchar, contexts varchar[], date_from date, date_to date, date_basis varchar,
    actors varchar[], recipients varchar[], actor_codes varchar[], recipient_codes varchar[], place varchar,
    place_country varchar, sources varchar[], source_kinds varchar[], text varchar, confidence double, origins integer,
    reports integer, accounts varchar[], codebook varchar, lat double, lon double, spot boolean,
    scope integer, weight double, sure double, pair varchar, event varchar);
create table event_of(account varchar, event varchar);
create index events_by_id on events(id);
"""
# The index: an event's JSON is large and compressed; without it, a page of twenty decompresses the whole column.
# Whether a type is mutual; types of a codebook count as mutual, because they do not say. In a mutual event without
# recipients, each actor acts with the others.
MUTUAL_TYPE = f"(codebook is not null or type in ({', '.join(repr(t) for t in sorted(MUTUAL))}))"
# PLOVER's events that happened, one row for each actor with each recipient or, for joint acts, with each other actor.
# (Unnested step by step: as a join it takes twenty times as long.)
PAIRS = f"""select *, unnest(others) as recipient from (
    select score, date_from, date_to, reports, origins, confidence, scope, unnest(actors) as actor,
    if(len(recipients) = 0 and {MUTUAL_TYPE}, actors, recipients) as others from events
    where modality = 'actual' and polarity = 'positive' and codebook is null)"""
VIEWS = f"""
create or replace view dyads_by_month as
    select date_trunc('month', date_from)::date as month, actor, recipient, count(*) as events, avg(score) as score,
        count(*) filter (score > 0) as cooperation, count(*) filter (score < 0) as conflict, sum(reports) as reports,
        sum(origins) as origins, {DEFAULT_CONFIDENCE} as confidence_from from ({PAIRS})
        where confidence >= {DEFAULT_CONFIDENCE} and date_from is not null
        and date_trunc('month', date_from) = date_trunc('month', date_to)
        and actor <> recipient group by all;
create or replace view claims_by_source as
    select source, count(*) as events, count(*) filter (polarity = 'negative') as denied,
        count(*) filter (modality <> 'actual') as not_actual, avg(origins) as origins,
        {DEFAULT_CONFIDENCE} as confidence_from
    from (select *, unnest(sources) as source from events where confidence >= {DEFAULT_CONFIDENCE}) group by all;
"""
CURRENT = "select id, max_by(reader, recorded_at) reader from articles group by id"
# the same for some articles only
CURRENT_OF = "select id, max_by(reader, recorded_at) reader from articles where id in (select unnest($ids)) group by id"


def _tables(statements: str) -> list[str]:
    return [
        line.split("(")[0].removeprefix("create table ")
        for line in statements.splitlines()
        if line.startswith("create table")
    ]


NAMES, DERIVED_NAMES = _tables(KEPT), _tables(DERIVED)
