"""The unit × task matrix: complete by construction, never assembled from the nearest passages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.document import Clause, Document, Role, Unit


@dataclass(frozen=True)
class Row:
    """One clause that names responsible units."""

    document: Document
    clause: Clause
    units: tuple[Unit, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.units)

    @property
    def leads(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.units if unit.role is Role.LEAD)


@dataclass(frozen=True)
class Matrix:
    """Every clause with units, in the documents' order."""

    rows: tuple[Row, ...]

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit once, in order of first appearance."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.names))

    def tasks_of(self, *names: str) -> tuple[Row, ...]:
        """The clauses in which all of the units are responsible."""
        wanted = set(names)
        return tuple(row for row in self.rows if wanted <= set(row.names))

    def tasks_of_any(self, names: Iterable[str]) -> tuple[Row, ...]:
        wanted = set(names)
        return tuple(row for row in self.rows if wanted & set(row.names))

    def tasks_of_exactly(self, *names: str) -> tuple[Row, ...]:
        """The clauses whose responsible units are these and no others."""
        wanted = set(names)
        return tuple(row for row in self.rows if set(row.names) == wanted)

    def tasks_without(self, names: Iterable[str]) -> tuple[Row, ...]:
        unwanted = set(names)
        return tuple(row for row in self.rows if not unwanted & set(row.names))

    def with_unit_count(self, low: int, high: int) -> tuple[Row, ...]:
        """The clauses with at least ``low`` and at most ``high`` units."""
        return tuple(row for row in self.rows if low <= len(row.units) <= high)

    def count_by_unit(self) -> dict[str, int]:
        """Unit → number of clauses, most first, then in order of appearance."""
        counts = {name: len(self.tasks_of(name)) for name in self.units}
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    def only(self, documents: Sequence[Document]) -> "Matrix":
        ids = {document.id for document in documents}
        return Matrix(tuple(row for row in self.rows if row.document.id in ids))


def matrix_of(documents: Iterable[Document]) -> Matrix:
    """The matrix of these documents."""
    return Matrix(
        tuple(
            Row(document, clause, units)
            for document in documents
            for clause in document.clauses
            if (units := document.units_of(clause))
        )
    )
