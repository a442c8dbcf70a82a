"""A connection to a server that speaks Bolt: sessions, small and large readings, and who answers."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphkit.store.bolt.credentials import find_credentials, refuse_credentials_in
from graphkit.store.bolt.statements import SLICE_ROWS, Reading
from graphkit.store.failures import refuse_old_server, told_plainly
from graphkit.words import Text

if TYPE_CHECKING:
    import neo4j

CONNECT_SECONDS = 10.0
RETRY_SECONDS = 30.0  # how long the driver repeats a transaction before it gives up
ROWS_AHEAD = 10_000  # records of a row each that the driver asks for at one time: each time is a round trip
LISTS_AHEAD = 4  # records of SLICE_ROWS rows each


class Connection:
    """One database on one server; nothing is sent before the first session.

    Parameters
    ----------
    url : str
        Address without user or password.
    auth : tuple of str or None
        User and password; looked for by `find_credentials` if None.
    database : str or None
        Database on the server; its default one if None.
    dataset : str
        Name of the district, a parameter of every statement.
    """

    def __init__(self, url: str, auth: tuple[str, str] | None, database: str | None, dataset: str) -> None:
        self.url, self.database, self.dataset = refuse_credentials_in(url), database, dataset
        self._auth = auth
        self._driver: neo4j.Driver | None = None

    def close(self) -> None:
        """Close the connections to the server."""
        if self._driver is not None:
            self._driver.close()
            self._driver = None

    def telling(self, after: Text) -> AbstractContextManager[None]:
        """Turn what the driver raises within into plain errors; `after` says what became of the data."""
        return told_plainly(self.url, after)

    def open(self) -> neo4j.Driver:
        """Return the driver, connected once to see who answers.

        Raises
        ------
        StoreError
            If no password can be found, or the server is too old.
        """
        import neo4j

        if self._driver is None:
            logging.getLogger("neo4j").addHandler(logging.NullHandler())  # or Python prints its warnings where nobody asked for a log
            auth = self._auth or find_credentials(self.url)
            driver = neo4j.GraphDatabase.driver(
                self.url,
                auth=auth,
                connection_timeout=CONNECT_SECONDS,
                max_transaction_retry_time=RETRY_SECONDS,
                user_agent="graphkit",
            )
            try:
                refuse_old_server(driver.get_server_info().agent, self.url)
            except BaseException:
                driver.close()
                raise
            self._driver = driver
        return self._driver

    @property
    def is_neo4j(self) -> bool:
        """Whether the server is Neo4j itself, and not one that speaks its protocol."""
        return "arcadedb" not in str(self.open().get_server_info().agent).lower()

    def session(self, *, read: bool = False, ahead: int = ROWS_AHEAD) -> neo4j.Session:
        """Open a session, in READ access mode if asked; the driver fetches `ahead` records at one time."""
        import neo4j

        mode = neo4j.READ_ACCESS if read else neo4j.WRITE_ACCESS
        driver = self.open()
        return driver.session(
            database=self.database,
            default_access_mode=mode,
            bookmark_manager=driver.execute_query_bookmark_manager,  # in a cluster, each session sees what those before it wrote
            fetch_size=ahead,
            notifications_min_severity="OFF",  # such as: no row has a property of this name yet
        )

    def fetch(self, text: str, **parameters: Any) -> list[neo4j.Record]:
        """Return all records of a small reading statement."""
        with self.session(read=True) as session:
            return session.execute_read(lambda tx: list(tx.run(text, {"dataset": self.dataset, **parameters})))  # type: ignore[no-any-return, unused-ignore]

    def fetch_lists(self, reading: Reading, **parameters: Any) -> list[list[pa.Array]]:
        """Return the Arrow columns of every record of a statement that returns one list per column."""

        def fetch(transaction: neo4j.ManagedTransaction) -> list[list[pa.Array]]:
            result = transaction.run(reading.text, dataset=self.dataset, slice=SLICE_ROWS, **parameters)
            return [[pa.array(record[name]) for name in reading.columns] for record in result]

        with self.session(read=True, ahead=LISTS_AHEAD) as session:
            return session.execute_read(fetch)  # type: ignore[no-any-return, unused-ignore]
