"""What editors add to the unit directory: other names and successors; it stands over what the seeds say."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ingest.catalog import Mark
from ingest.directory import Successor, UnitDirectory, UnitRecord


def extended(directory: UnitDirectory, entries: Iterable[Mapping[str, Any]]) -> UnitDirectory:
    """The directory with the editors' aliases and successors; an entry for a body that is not in it is left out."""
    records = {each.name: each for each in directory.records}
    for entry in entries:
        record = records.get(entry["unit"])
        if record is not None and entry["field"] in _ADDED:
            records[record.name] = _ADDED[entry["field"]](record, entry)
    return UnitDirectory(records.values())


def _with_alias(record: UnitRecord, entry: Mapping[str, Any]) -> UnitRecord:
    return replace(record, aliases=tuple(dict.fromkeys((*record.aliases, entry["value"]))))


def _with_successor(record: UnitRecord, entry: Mapping[str, Any]) -> UnitRecord:
    """An editor's word takes the place of what the seeds say of the same successor."""
    successor = Successor(
        name=entry["value"],
        short=entry["value"],
        on=entry["since"] or None,
        source=(entry["source"],),
        mark=Mark.ONE_SOURCE,
        note=f"来源：{entry['source']}，{entry['made_on']}登记",
    )
    others = tuple(each for each in record.successors if successor.name not in (each.name, each.short))
    return replace(record, successors=(*others, successor))


_ADDED = {"alias": _with_alias, "successor": _with_successor}
