"""The Bolt store: Neo4j, or any server that speaks its protocol and Cypher, such as the embedded engine."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pandas as pd
import pyarrow as pa

from graphkit.data.tables import ACCOUNT_SCHEMAS, COUNTS, Tables, arrow_schema
from graphkit.data.telling import take_account
from graphkit.errors import StoreError, StoreUnavailable
from graphkit.model.kinds import MODEL, SCHEMA_VERSION
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType
from graphkit.queries import TIME_LIMIT_S, Vocabulary, personal_of, read_statement, refuse_strangers
from graphkit.store.asking import absent, answer
from graphkit.store.bolt import statements
from graphkit.store.bolt.connection import Connection
from graphkit.store.bolt.statements import KINDS_BESIDE, Reading, stored_names, stored_nodes
from graphkit.store.bolt.writer import Writer, model_of_ledger, read_ledger, run_id
from graphkit.store.failures import HALF_DROPPED, NO_ROW, REPEATABLE, UNCHANGED, past_limit, store_error
from graphkit.store.mistakes import find_mistake
from graphkit.store.unsound import refuse_unsound
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.store.base import Progress


class BoltStore:
    """A district in a Neo4j database, over Bolt.

    Parameters
    ----------
    url : str
        Address without user or password, ``"bolt://127.0.0.1:7687"`` or ``"neo4j+s://graph.example.org"``.
    auth : tuple of str, optional
        User and password. If not given they come from ``NEO4J_USERNAME`` and ``NEO4J_PASSWORD``, the
        keyring, or a prompt.
    database : str, optional
        Database on the server; its default one if not given.
    dataset : str
        Name of the district. It is part of every node's key, so that one database holds several, and
        writing one never touches another.

    Raises
    ------
    ParameterError
        If the address holds a user or password.
    StoreError
        If no password can be found.

    Notes
    -----
    Nothing is sent before the first read, write or query.

    Examples
    --------
    >>> BoltStore("bolt://127.0.0.1:7687", auth=("neo4j", "secret"))
    BoltStore(bolt://127.0.0.1:7687, dataset='district')
    """

    def __init__(self, url: str, *, auth: tuple[str, str] | None = None, database: str | None = None, dataset: str = "district") -> None:
        self._connection = Connection(url, auth, database, dataset)

    def __repr__(self) -> str:
        to = self._connection
        database = f", database={to.database!r}" if to.database else ""
        return f"BoltStore({to.url}{database}, dataset={to.dataset!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def dataset(self) -> str:
        """Name of the district within the database."""
        return self._connection.dataset

    @property
    def url(self) -> str:
        """Address of the server."""
        return self._connection.url

    def close(self) -> None:
        """Close the connections to the server."""
        self._connection.close()

    # Writing

    def write(self, tables: Tables, *, progress: Progress | None = None) -> None:
        """Replace the dataset by `tables`.

        Constraints come first, then nodes, then ties, in transactions of `BATCH_ROWS` rows; what the
        dataset held and `tables` do not hold is removed at the end. If the dataset is those very tables
        already, nothing is sent (`holds`). Interrupted anywhere, the same call
        goes on from the last finished batch and ends in the same graph. Until it has ended, reads and
        queries say that the dataset is half written.

        Parameters
        ----------
        tables : Tables
            What the dataset shall hold; quarantined rows and counts are kept with it.
        progress : callable, optional
            Called with the table's name, rows done and rows in all after each batch.

        Raises
        ------
        StoreError
            If a key is missing or doubled or a tie leads nowhere (nothing is sent then), if a constraint
            that others made would refuse a row (no row is sent then), if the server refuses, or if another write to the same dataset has taken over.
        StoreUnavailable
            If the server cannot be reached or the connection is lost.
        """
        refuse_unsound(tables)
        self._open()
        if self.holds(tables):
            return
        writer = Writer(self._connection, tables, progress)
        with self._connection.telling(NO_ROW):
            writer.prepare()
        with self._connection.telling(REPEATABLE):
            writer.run()

    def holds(self, tables: Tables) -> bool:
        """Whether the dataset is these very tables, quarantine and counts included, whole and as they were written.

        The ledger is looked at first; only if it names the same content is everything read back and compared, which
        takes a small part of the time of a write. What others did to the rows meanwhile is so noticed.
        """
        with self._connection.telling(UNCHANGED):
            ledger = self.read_ledger()
        if ledger is None or ledger["state"] != "done" or ledger["run"] != run_id(tables):
            return False
        try:
            return bool(run_id(self.read()) == ledger["run"])
        except StoreUnavailable:
            raise
        except StoreError:
            return False

    def drop(self) -> None:
        """Remove the dataset from the database: its nodes, its ties and what the ledger says of it; other datasets stay."""
        self._open()
        writer = Writer(self._connection, Tables({}), None)
        with self._connection.telling(NO_ROW):
            writer.prepare()
        with self._connection.telling(HALF_DROPPED):
            writer.drop()

    def _open(self) -> None:
        with self._connection.telling(UNCHANGED):
            self._connection.open()

    # Reading

    def read(self) -> Tables:
        """Return the dataset as Tables equal to those written, provenance, quarantine and counts included.

        Raises
        ------
        StoreError
            If there is no such dataset, it is half written, it was written by a newer graphkit, it was
            changed while it was read, or rows were added or removed by other hands.
        StoreUnavailable
            If the server cannot be reached.
        """
        with self._connection.telling(UNCHANGED):
            ledger = self._need_whole()
            written, model = json.loads(ledger["rows"]), model_of_ledger(ledger)
            try:
                read = self._read_kinds(written, model)
            except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
                raise self._changed(
                    "有值的类型被改过：请再写一次", "values of another type were put into it by other hands: write it again"
                ) from None
            if self.read_ledger() != ledger:
                raise self._changed("在读取期间被改写：请再读一次", "it was written while it was read: read it again")
        _compare_counts(self._connection.dataset, read, written)
        beside = {part: read.pop(kind.table).sort_by("position").select(ACCOUNT_SCHEMAS[part].names) for part, kind in KINDS_BESIDE.items()}
        counts = pa.Table.from_pylist(json.loads(ledger["counts"]), schema=COUNTS)
        return Tables(read, counts=counts, **beside, dataset=self._connection.dataset, model=model)

    def list_datasets(self) -> tuple[str, ...]:
        """Return the names of the datasets in this database, in alphabetical order."""
        return tuple(ledger["dataset"] for ledger in self.read_ledgers())

    def read_ledgers(self) -> list[dict[str, Any]]:
        """Return what the database says of every dataset in it, as `read_ledger` does of one, in the order of their names."""
        with self._connection.telling(UNCHANGED):
            ledgers = [dict(record["ledger"]) for record in self._connection.fetch(statements.LEDGER_LIST)]
        return sorted(ledgers, key=lambda ledger: str(ledger["dataset"]))

    def read_ledger(self) -> dict[str, Any] | None:
        """Return what the database says of the dataset: run, state (``running`` or ``done``), batches finished and in all, rows by table; None if it has none."""
        return read_ledger(self._connection)

    # Queries

    def query(self, name: str, /, *, timeout_s: float = TIME_LIMIT_S, **parameters: Any) -> pd.DataFrame:
        """Answer a query of the library by name, or a read-only Cypher text; one row a record.

        Parameters
        ----------
        name : str
            A name of the library, or a statement. It is read, and refused where it must be, before the server is asked.
        timeout_s : float
            Seconds after which the server ends it.
        **parameters
            Values by name. ``dataset`` is this store's where it is not given; with ``dataset=None`` a named query is
            asked of every dataset in turn, and has a column ``dataset`` in front.

        Returns
        -------
        DataFrame
            ``attrs`` says what the rows speak of: ``query``, ``dataset``, ``parameters``; ``account``, what was not read and
            is in no row (`graphkit.data.telling.tell_account` says it); and ``personal``, the columns with names of people,
            which are not hidden here (`graphkit.queries.hide_names` does).

        Raises
        ------
        QueryError, ParameterError
            If there is no such query, a parameter does not fit, or the text would write or names what is nowhere.
        StoreError
            If there is no such dataset or it is half written, or the query runs past its time limit.
        """
        statement = read_statement(name, parameters, timeout_s=timeout_s)

        def ask(dataset: str | None) -> pd.DataFrame:
            if dataset is None:
                self._refuse_half_written(self.read_ledger())
            else:
                self._need_whole(dataset)
            return self._run_read(statement.text, statement.bound(dataset), timeout_s)

        with self._connection.telling(UNCHANGED):
            models = (MODEL, *map(model_of_ledger, self.read_ledgers())) if statement.query is None else (MODEL,)
            if statement.query is None:
                refuse_strangers(statement.text, lambda: self._names_there(models))
            return answer(statement, ask, own=self.dataset, there=self.list_datasets, account=self._take_account, personal=personal_of(*models))

    def _take_account(self, dataset: str | None) -> dict[str, object]:
        """What was not read of a dataset, or with None of all, and how many lines say what is complete."""
        unread, declared = (self._connection.fetch(text, dataset=dataset) for text in statements.ACCOUNT_READ)
        return take_account({record["state"]: record["count"] for record in unread}, declared[0]["count"])

    def _names_there(self, models: Sequence[Model]) -> Vocabulary:
        """What the database holds, of whomever."""
        kept = list(map(stored_names, models))
        there = [frozenset(self._connection.fetch(text)[0]["names"]) for text in statements.NAMES_THERE]
        names = zip(("label", "type", "property"), there, strict=True)
        return Vocabulary(*(found.union(*(ours.of(room) for ours in kept)) for room, found in names))

    def run_read(self, cypher: str, parameters: Mapping[str, Any], *, timeout_s: float) -> pd.DataFrame:
        """Run a reading statement: READ access mode, ended by the server after `timeout_s` seconds; one row a record.

        Raises
        ------
        QueryError
            If the server cannot run the statement as it stands: it is told in the server's words, with line and column.
        StoreError
            If the dataset is half written, the statement would write, or it runs past its limit.
        """
        with self._connection.telling(UNCHANGED):
            self._refuse_half_written(self.read_ledger())
            return self._run_read(cypher, parameters, timeout_s)

    def _run_read(self, cypher: str, parameters: Mapping[str, Any], timeout_s: float) -> pd.DataFrame:
        """Run it once: a query whose server went away is for the user to repeat."""
        from neo4j.exceptions import Neo4jError

        with self._connection.session(read=True) as session:
            try:
                with session.begin_transaction(timeout=timeout_s) as transaction:
                    result = transaction.run(cypher, dict(parameters))
                    return _frame(result.keys(), result.values())
            except Neo4jError as error:
                if any(word in (error.code or "") for word in ("TransactionTimedOut", "Terminated")):
                    raise past_limit(timeout_s) from None
                if mistake := find_mistake(error, cypher):
                    raise mistake from None
                raise

    # Within

    def _changed(self, zh: str, en: str) -> StoreError:
        return store_error(Text(f"“{self.dataset}”{zh}", f"{self.dataset!r}: {en}"))

    def _read_kinds(self, written: Mapping[str, int], model: Model) -> dict[str, pa.Table]:
        """Every table of the dataset, `written` with so many rows; ties in spans of the pages in which their source's nodes came."""
        read, ends = {}, {}
        for node in stored_nodes(model):
            read[node.table], ends[node.label] = self._read_nodes(node, pages=written.get(node.table, 0) >= statements.PAGE_NODES)
        for tie in model.ties:
            read[tie.table] = self._read_ties(tie, ends[tie.source])
        return read

    def _read_nodes(self, kind: NodeType, *, pages: bool) -> tuple[pa.Table, list[Any]]:
        """The table of `kind`, and the last key of each page but the last, in the server's own order."""
        parts: list[pa.Table] = []
        ends: list[Any] = []
        while True:
            reading = statements.read_nodes(kind, pages=pages, first=not ends)
            after = {"after": ends[-1]} if ends else {}
            page = _table(self._connection.fetch_lists(reading, page=statements.PAGE_NODES, **after), kind, reading)
            parts.append(page)
            if not pages or page.num_rows < statements.PAGE_NODES:
                return pa.concat_tables(parts), ends
            ends.append(page[kind.key][-1].as_py())

    def _read_ties(self, kind: TieType, ends: Sequence[Any]) -> pa.Table:
        spans = []
        for after, last in zip([None, *ends], [*ends, None], strict=True):
            reading = statements.read_ties(kind, first=after is None, last=last is None)
            spans.append(_table(self._connection.fetch_lists(reading, after=after, last=last), kind, reading))
        return pa.concat_tables(spans)

    def _need_whole(self, dataset: str | None = None) -> dict[str, Any]:
        """The ledger of a dataset, this store's if none is named, that is there and whole."""
        ledger = read_ledger(self._connection, dataset)
        if ledger is None:
            raise absent(dataset or self.dataset, self.list_datasets(), self._connection.url)
        self._refuse_half_written(ledger)
        if ledger["schema_version"] > SCHEMA_VERSION:
            raise store_error(Text("该数据由更新的 graphkit 写入：请升级", "it was written by a newer graphkit: upgrade this one"))
        return ledger

    def _refuse_half_written(self, ledger: dict[str, Any] | None) -> None:
        if ledger is not None and ledger["state"] != "done":
            done, name = f"{ledger['finished']}/{ledger['total']}", ledger["dataset"]
            raise store_error(
                Text(
                    f"“{name}”只写了一半（第 {done} 批，始于 {ledger['started_at']}）：等写入结束；若已中断，再写一次即可接着完成",
                    f"{name!r} is half written (batch {done}, begun {ledger['started_at']}): wait for the write to end; "
                    "if it was interrupted, repeat it and it goes on from there",
                )
            )


def _table(chunks: Sequence[Sequence[pa.Array]], kind: NodeType | TieType, reading: Reading) -> pa.Table:
    """A table of `kind` from the lists of each record."""
    schema = arrow_schema(kind)
    columns = {
        name: pa.chunked_array([chunk[place].cast(schema.field(name).type) for chunk in chunks], schema.field(name).type)
        for place, name in enumerate(reading.columns)
    }
    return pa.table([columns[field.name] for field in schema], schema=schema)


def _compare_counts(dataset: str, read: Mapping[str, pa.Table], written: Mapping[str, int]) -> None:
    """Raise if the database holds other numbers of rows than were written."""
    differing = [f"{name}: {table.num_rows:,} ≠ {written.get(name, 0):,}" for name, table in read.items() if table.num_rows != written.get(name, 0)]
    if differing:
        shown = "; ".join(differing)
        raise store_error(
            Text(
                f"“{dataset}”的行数与写入时不同（{shown}），有人在数据库里增删过：请再写一次",
                f"{dataset!r} holds other numbers of rows than were written ({shown}): someone added or removed some in the database; write it again",
            )
        )


def _frame(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """One row a record; dates become Python dates, nodes and ties stay what the driver gave."""
    columns = {name: pd.Series([_plain(row[place]) for row in rows], dtype=object).infer_objects() for place, name in enumerate(names)}
    return pd.DataFrame(columns, columns=list(names), index=pd.RangeIndex(len(rows)))


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value.to_native() if hasattr(value, "to_native") else value
