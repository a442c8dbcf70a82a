"""The writer of the Bolt stores: constraints, then nodes, then ties, each batch once, whatever is interrupted.

Batches go in a fixed order; each batch and its entry in the ledger are one transaction, so a repeated
write goes on where the last one stopped. Batches follow each other, for two sessions that write ties at
once meet deadlocks and are hardly faster; only new nodes, which wait for nothing, are sent to Neo4j
while the batch before them is committed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.tables import Tables, table_hash
from graphkit.errors import ModelError
from graphkit.interrupts import pass_interrupt
from graphkit.model.kinds import SCHEMA_VERSION
from graphkit.model.model import Model
from graphkit.model.reader import declare, restore_model
from graphkit.model.types import NodeType, TieType
from graphkit.store.bolt import statements
from graphkit.store.bolt.connection import Connection
from graphkit.store.bolt.obstacles import doubled_keys, refuse_obstacles
from graphkit.store.bolt.statements import KINDS_BESIDE, stored_kinds, stored_nodes
from graphkit.store.failures import store_error
from graphkit.words import Text

if TYPE_CHECKING:
    import neo4j

    from graphkit.store.base import Progress

T = TypeVar("T")

BATCH_ROWS = 5_000  # rows a transaction: fewer cost round trips, more cost the server memory and time (decision 7)
INDEX_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows `start` to `stop` of the sorted table of one kind: the `position`-th transaction of a write, which brings it to `done` rows."""

    position: int
    kind: NodeType | TieType
    start: int
    stop: int
    done: int


class Writer:
    """One write of one dataset, from the first constraint to the last removal."""

    def __init__(self, connection: Connection, tables: Tables, progress: Progress | None) -> None:
        self.connection, self.progress = connection, progress
        self.tables, self.rows = tables, rows_to_store(tables)
        self.model = tables.model
        self.before: tuple[Model, ...] = ()
        self.batches = list(_plan(self.rows, self.model))
        self.total = sum(table.num_rows for table in self.rows.values())
        self.run_hash = run_id(tables)
        self.owner = secrets.token_hex(8)

    def prepare(self) -> None:
        """Look for what would stop the write half-way, and make the constraints, before any row is sent."""
        refuse_obstacles(self.connection, self.rows, self.model)
        for name, text in zip(statements.own_constraints(self.model), statements.constraint_statements(self.model), strict=True):
            self._make_constraint(name, text)
        self._await_indexes()

    def run(self) -> None:
        """Write everything, once prepared; the ledger says how far it came, whatever happens."""
        first, fresh = self._begin()
        with self.connection.session() as session:
            self._write_batches(session, first, fresh=fresh)
            if not fresh:
                self._remove_stale(session)
            self._make_indexes()
            session.execute_write(self._close)

    def drop(self) -> None:
        """Write, and then remove the ledger, if it is still ours."""
        self.run()
        with self.connection.session() as session:
            session.execute_write(self._drop_ledger)

    def _make_constraint(self, name: str, text: str) -> None:
        from neo4j.exceptions import Neo4jError

        try:
            self._run(text)
        except Neo4jError as error:
            if (error.code or "").endswith(".ConstraintCreationFailed"):
                raise doubled_keys(self.connection, name, self.model) from None
            raise

    def _make_indexes(self) -> None:
        for text in statements.index_statements(self.model):
            self._run(text)
        self._await_indexes()

    def _await_indexes(self) -> None:
        """Wait until constraints and indexes are in force; the embedded engine makes them at once, and knows no such procedure."""
        if self.connection.is_neo4j:
            self._run(f"CALL db.awaitIndexes({INDEX_SECONDS})")

    def _run(self, text: str) -> None:
        with self.connection.session() as session:
            session.run(text).consume()

    def _begin(self) -> tuple[int, bool]:
        """Take over the ledger; returns the first batch to write, and whether nothing was there before this run."""
        with self.connection.session() as session:
            return session.execute_write(self._take_ledger)

    def _take_ledger(self, transaction: neo4j.ManagedTransaction) -> tuple[int, bool]:
        ours = {"dataset": self.connection.dataset, "owner": self.owner}
        ledger = transaction.run(statements.LEDGER_TAKE, ours).single(strict=True)["ledger"]
        goes_on = ledger.get("state") == "running" and ledger["run"] == self.run_hash and ledger["batch_rows"] == BATCH_ROWS
        if goes_on:
            finished, fresh = int(ledger["finished"]), bool(ledger["fresh"])
        else:
            finished, fresh = 0, "state" not in ledger and not self._anything_there(transaction)
        self.before = models_before(ledger)
        begun = {
            "model": None,
            "models_before": json.dumps([declare(model) for model in self.before], ensure_ascii=False),
            **describe_run(self.tables, self.rows, self.run_hash),
            "owner": self.owner,
            "state": "running",
            "fresh": fresh,
            "finished": finished,
            "total": len(self.batches),
            "batch_rows": BATCH_ROWS,
            "finished_at": None,
        }
        transaction.run(statements.LEDGER_SET, dataset=self.connection.dataset, ledger=begun).consume()
        return finished, fresh

    def _anything_there(self, transaction: neo4j.ManagedTransaction) -> bool:
        texts = map(statements.any_node_statement, stored_nodes(self.model))
        return any(transaction.run(text, dataset=self.connection.dataset).single() for text in texts)

    def _write_batches(self, session: neo4j.Session, first: int, *, fresh: bool) -> None:
        if fresh and self.connection.is_neo4j:
            first = self._create_nodes(first)
        for batch in self.batches[first:]:
            session.execute_write(self._write_batch, batch, self._parameters(batch), fresh=fresh)
            self._tell(batch)

    def _write_batch(self, transaction: neo4j.ManagedTransaction, batch: Batch, parameters: dict[str, Any], *, fresh: bool) -> None:
        if not self._advance(transaction, batch):
            self._need_ledger(transaction, batch.position + 1)
            return  # written already: the answer to its commit was lost on the way
        record = transaction.run(statements.load_statement(batch.kind, fresh=fresh), parameters).single()
        if record is None or record["written"] != batch.stop - batch.start:
            raise store_error(
                Text(
                    f"{batch.kind.table}：数据库里缺了关系的一端，可能有人同时在改动：请再写一次",
                    f"{batch.kind.table}: an end of a tie is missing in the database, perhaps changed by others meanwhile: repeat the write",
                )
            )

    def _create_nodes(self, first: int) -> int:
        """Create the nodes of a fresh dataset, each batch while the one before is committed; returns the first batch left to write.

        Nodes need none of each other's locks, as ties would. Whatever fails is left to the managed
        transactions, which repeat it or say why not: the ledger knows which batches stand.
        """
        from neo4j.exceptions import DriverError, Neo4jError

        nodes = (batch for batch in self.batches[first:] if isinstance(batch.kind, NodeType))
        handled = sys.exception()
        try:
            with self._session_ahead() as one, self._session_ahead() as other:
                sent = ((batch, self._send(batch, (one, other)[batch.position % 2])) for batch in nodes)
                for batch, transaction in _one_ahead(sent):
                    with transaction:  # commits, or rolls back at once: another writer may wait for it, and the batch ahead for that writer
                        if not self._advance(transaction, batch):
                            self._need_ledger(transaction, batch.position)
                    first = batch.position + 1
                    self._tell(batch)
        except (DriverError, Neo4jError) as error:
            pass_interrupt(error, handled)
        return first

    @contextmanager
    def _session_ahead(self) -> Iterator[neo4j.Session]:
        """A session that is closed whatever became of the transaction it still holds."""
        from neo4j.exceptions import DriverError, Neo4jError

        session = self.connection.session()
        try:
            yield session
        finally:
            with suppress(DriverError, Neo4jError):
                session.close()  # tells what failed in that transaction, instead of ending
            session.close()

    def _send(self, batch: Batch, session: neo4j.Session) -> neo4j.Transaction:
        """Begin a transaction that creates the nodes of a batch, and do not wait for it."""
        transaction = session.begin_transaction()
        transaction.run(statements.load_statement(batch.kind, fresh=True), self._parameters(batch))
        return transaction

    def _advance(self, transaction: neo4j.Transaction | neo4j.ManagedTransaction, batch: Batch) -> bool:
        """Enter a batch in the ledger; False if the ledger is another's or stands elsewhere."""
        ours = {"dataset": self.connection.dataset, "owner": self.owner, "position": batch.position}
        return transaction.run(statements.LEDGER_ADVANCE, ours).single() is not None

    def _parameters(self, batch: Batch) -> dict[str, Any]:
        rows = self.rows[batch.kind.table].slice(batch.start, batch.stop - batch.start)
        return {**_parameters(rows, batch.kind), "dataset": self.connection.dataset, "run": self.run_hash}

    def _tell(self, batch: Batch) -> None:
        if self.progress:
            self.progress(batch.kind.table, batch.done, self.total)

    def _need_ledger(self, transaction: neo4j.Transaction | neo4j.ManagedTransaction, finished: int) -> None:
        """Lock the ledger; raise unless it is ours and `finished` batches stand in it."""
        record = transaction.run(statements.LEDGER_LOCK, dataset=self.connection.dataset, owner=self.owner).single()
        ledger = record["ledger"] if record else {}
        if ledger.get("owner") != self.owner or ledger.get("finished") != finished:
            raise store_error(
                Text(
                    f"另一次写入接手了“{self.connection.dataset}”：等它结束后再写一次",
                    f"another write has taken over {self.connection.dataset!r}: wait until it has ended, then repeat this one",
                )
            )

    def _remove_stale(self, session: neo4j.Session) -> None:
        """Remove what the dataset holds and this run has not written, of kinds that only an earlier model had too: ties, then nodes."""
        kinds = [kind for model in (self.model, *self.before) for kind in reversed(stored_kinds(model))]
        for listing, delete in dict.fromkeys(map(statements.stale_statements, kinds)):
            for lists in self.connection.fetch_lists(listing, run=self.run_hash):
                parameters = {name: values.to_pylist() for name, values in zip(listing.columns, lists, strict=True)}
                session.execute_write(self._delete, delete, parameters)

    def _delete(self, transaction: neo4j.ManagedTransaction, delete: str, parameters: dict[str, list[Any]]) -> None:
        self._need_ledger(transaction, len(self.batches))
        transaction.run(delete, {**parameters, "dataset": self.connection.dataset, "run": self.run_hash}).consume()

    def _close(self, transaction: neo4j.ManagedTransaction) -> None:
        self._need_ledger(transaction, len(self.batches))
        done = {"state": "done", "finished_at": _now(), "models_before": None}
        transaction.run(statements.LEDGER_SET, dataset=self.connection.dataset, ledger=done).consume()

    def _drop_ledger(self, transaction: neo4j.ManagedTransaction) -> None:
        self._need_ledger(transaction, len(self.batches))
        transaction.run(statements.LEDGER_DROP, dataset=self.connection.dataset).consume()


def read_ledger(connection: Connection, dataset: str | None = None) -> dict[str, Any] | None:
    """Return what the database says of a dataset, the connection's if none is named; None if it says nothing."""
    records = connection.fetch(statements.LEDGER_READ, dataset=dataset or connection.dataset)
    return dict(records[0]["ledger"]) if records else None


def model_of_ledger(ledger: Mapping[str, Any]) -> Model:
    """The model of a dataset: the shipped one, with what its ledger declares beside it.

    Raises
    ------
    StoreError
        If it declares what cannot stand beside the kinds of this graphkit.
    """
    return _restore(json.loads(ledger.get("model") or "{}"), ledger)


def models_before(ledger: Mapping[str, Any]) -> tuple[Model, ...]:
    """Every model of which a dataset may still hold rows: that of its last run, and those of runs that were interrupted."""
    earlier = [_restore(declared, ledger) for declared in json.loads(ledger.get("models_before") or "[]")]
    return tuple(dict.fromkeys([*earlier, model_of_ledger(ledger)]))


def _restore(declared: Mapping[str, Any], ledger: Mapping[str, Any]) -> Model:
    try:
        return restore_model(declared, grown=ledger.get("schema_version", SCHEMA_VERSION) < SCHEMA_VERSION)
    except ModelError:
        name = ledger.get("dataset")
        raise store_error(
            Text(
                f"“{name}”的模型里有本版 graphkit 放不下的类别或属性：请用写入它的那一版读取",
                f"the model of {name!r} declares kinds or properties that this graphkit cannot place: read it with the version that wrote it",
            )
        ) from None


def describe_run(tables: Tables, rows: Mapping[str, pa.Table], run: int) -> dict[str, Any]:
    """Return what the ledger says of a run's content."""
    declared = declare(tables.model)
    return {
        **({"model": json.dumps(declared, ensure_ascii=False)} if declared else {}),
        "run": run,
        "rows": json.dumps({name: table.num_rows for name, table in rows.items()}),
        "counts": json.dumps(tables.counts.to_pylist()),
        "schema_version": SCHEMA_VERSION,
        "started_at": _now(),
    }


def finished_ledger(tables: Tables, rows: Mapping[str, pa.Table], run: int) -> dict[str, Any]:
    """Return the ledger of a run that was written in one go, by other means than batches."""
    return {**describe_run(tables, rows, run), "owner": "import", "state": "done", "finished": 0, "total": 0, "finished_at": _now()}


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def run_id(tables: Tables) -> int:
    """What tells one content from another: all rows, and the account."""
    beside = [table_hash(number_rows(tables.account()[part])) for part in KINDS_BESIDE]
    declared = declare(tables.model)
    parts = (tables.content_hash(), *beside, table_hash(tables.counts), *([json.dumps(declared)] if declared else []))
    return int.from_bytes(hashlib.sha256("".join(parts).encode()).digest()[:7])  # a whole number that every engine holds, never negative


def number_rows(part: pa.Table) -> pa.Table:
    """A part of the account with the place of each row, by which it is found again."""
    return part.add_column(0, "position", pa.array(range(part.num_rows), pa.int64()))


def rows_to_store(tables: Tables) -> dict[str, pa.Table]:
    """Every table that has rows, in the order of writing, its rows in the one order that a resumed run will find again."""
    beside = {kind.table: number_rows(tables.account()[part]) for part, kind in KINDS_BESIDE.items()}
    rows = {**beside, **tables}
    return {
        kind.table: rows[kind.table].sort_by([(name, "ascending") for name in kind.identity]).combine_chunks()
        for kind in stored_kinds(tables.model)
        if rows[kind.table].num_rows
    }


def _plan(rows: Mapping[str, pa.Table], model: Model) -> Iterator[Batch]:
    position = done = 0
    for kind in stored_kinds(model):
        count = rows[kind.table].num_rows if kind.table in rows else 0
        for start in range(0, count, BATCH_ROWS):
            stop = min(start + BATCH_ROWS, count)
            done += stop - start
            yield Batch(position, kind, start, stop, done)
            position += 1


def _one_ahead(items: Iterable[T]) -> Iterator[T]:
    """Yield each item when the one after it is there."""
    waiting = deque[T]()
    for item in items:
        waiting.append(item)
        if len(waiting) > 1:
            yield waiting.popleft()
    yield from waiting


def _parameters(table: pa.Table, kind: NodeType | TieType) -> dict[str, list[Any]]:
    """A list for each column of a batch, and for ties their identity as one string."""
    parameters = {name: table[name].to_pylist() for name in statements.stored_columns(kind)}
    if isinstance(kind, TieType) and kind.identity_properties:
        parameters[statements.TIE_KEY] = tie_keys(table, kind).to_pylist()
    return parameters


def tie_keys(table: pa.Table, kind: TieType) -> pa.Array:
    """The identity properties of each tie as one string, different for different identities, nulls included."""
    parts = []
    for name in kind.identity_properties:
        text = pc.replace_substring(table[name].cast(pa.string()), "\\", "\\\\")
        text = pc.replace_substring(text, statements.SEPARATOR, "\\" + statements.SEPARATOR)
        parts.append(pc.fill_null(text, statements.NO_VALUE))
    joined = pc.binary_join_element_wise(*parts, statements.SEPARATOR)
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
