"""What can go wrong with a server, each with its remedy, in both languages."""

from __future__ import annotations

import re
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from graphkit.errors import StoreError, StoreUnavailable
from graphkit.interrupts import pass_interrupt
from graphkit.words import Text

OLDEST_NEO4J = (5, 26)

UNCHANGED = Text("什么都没有改动", "nothing was changed")
NO_ROW = Text("一行都没有写入", "no row was written")
HALF_DROPPED = Text("删了一部分，再删一次即可接着完成", "a part may be removed by now: repeat it, and it goes on from there")
REPEATABLE = Text("已写入的部分保留着，再写一次即可接着完成", "what was written so far is kept: repeat the write, and it goes on from there")

_INDEX_THERE = Text(
    "graphkit 要建约束的地方已有别人建的索引：用 SHOW INDEXES 查看并去掉它，或装入另一个数据库",
    "an index of somebody else stands where graphkit needs a constraint: SHOW INDEXES lists it; drop it, or load into another database",
)

# Codes by which servers tell why, the longest that fits decides; Neo4j and the embedded engine use the same ones.
_BY_CODE = {
    "Neo.ClientError.Security.Unauthorized": Text(
        "用户名或密码不对：请检查 NEO4J_USERNAME 和 NEO4J_PASSWORD", "wrong user or password: check NEO4J_USERNAME and NEO4J_PASSWORD"
    ),
    "Neo.ClientError.Security.AuthenticationRateLimit": Text(
        "密码输错次数过多，服务器暂时拒绝登录：稍候再试", "too many wrong passwords, the server refuses for a while: wait a little and try again"
    ),
    "Neo.ClientError.Security.CredentialsExpired": Text(
        "初始密码须先更改：用 cypher-shell 或 Neo4j Browser 登录一次并改密码",
        "the first password must be changed: log in once with cypher-shell or Neo4j Browser and set a new one",
    ),
    "Neo.ClientError.Security.Forbidden": Text("该用户没有此权限：换用有权限的用户", "this user may not do that: use one who may"),
    "Neo.ClientError.Database.DatabaseNotFound": Text(
        "服务器上没有这个数据库：检查 database 的名称", "the server has no such database: check the name given as database"
    ),
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": Text(
        "数据库是只读的：在服务器上设为可写，或换一个数据库", "the database is read-only: make it writable on the server, or name another one"
    ),
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": Text(
        "数据库是只读的：在服务器上设为可写，或换一个数据库", "the database is read-only: make it writable on the server, or name another one"
    ),
    "Neo.ClientError.Statement.AccessMode": Text("查询不能写入：这里只能读", "a query must not write: this is a reading path"),
    "Neo.ClientError.Cluster.NotALeader": Text(
        "这台服务器不接受写入：用 neo4j:// 地址连到集群", "this server takes no writes: connect to the cluster with a neo4j:// address"
    ),
    "Neo.ClientError.Schema.ConstraintValidationFailed": Text(
        "数据库的一条约束拒绝了某一行：用 SHOW CONSTRAINTS 查看，去掉不是 graphkit 建的那一条，或装入另一个数据库",
        "a constraint of the database refused a row: SHOW CONSTRAINTS lists them; drop the one that graphkit did not make, or load into another database",
    ),
    "Neo.ClientError.Schema.IndexAlreadyExists": _INDEX_THERE,
    "Neo.ClientError.Schema.IndexWithNameAlreadyExists": _INDEX_THERE,
    "Neo.TransientError.General.OutOfMemoryError": Text(
        "服务器内存不足：加大 server.memory.heap.max_size", "the server is short of memory: raise server.memory.heap.max_size"
    ),
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError": Text(
        "服务器内存不足：加大 server.memory.heap.max_size", "the server is short of memory: raise server.memory.heap.max_size"
    ),
    "Neo.DatabaseError": Text(
        "服务器内部出错，可能是磁盘已满或数据库损坏：检查磁盘空间和服务器日志后再写",
        "the server failed inside, perhaps for want of disk space: look at its disk and its log, then write again",
    ),
    "Neo.TransientError.General.DatabaseUnavailable": Text(
        "数据库暂不可用，可能是磁盘已满：检查磁盘空间和服务器日志后再试", "the database is not available just now, perhaps for want of disk space: look at the server's disk and log, then try again"
    ),
    "Neo.TransientError.Database.DatabaseUnavailable": Text(
        "数据库暂不可用，可能是磁盘已满：检查磁盘空间和服务器日志后再试", "the database is not available just now, perhaps for want of disk space: look at the server's disk and log, then try again"
    ),
}  # fmt: skip


def store_error(text: Text, kind: type[StoreError] = StoreError) -> StoreError:
    """Make an error that says `text`, in both languages."""
    return kind(text)


@contextmanager
def told_plainly(address: str, after: Text) -> Iterator[None]:
    """Turn what the driver raises into a StoreError that names the cause and the remedy; `after` says what became of the data."""
    from neo4j.exceptions import DriverError, Neo4jError

    handled = sys.exception()
    try:
        yield
    except Exception as error:
        pass_interrupt(error, handled)
        if not isinstance(error, (DriverError, Neo4jError)):
            raise
        raise _plain_error(error, address, after) from None


def _plain_error(error: Exception, address: str, after: Text) -> StoreError:
    from neo4j.exceptions import ConfigurationError, Neo4jError, ServiceUnavailable, SessionExpired, UnsupportedServerProduct

    match error:
        case Neo4jError():
            return store_error(_join(address, _by_code(error.code or "", error), after))
        case UnsupportedServerProduct() | ConfigurationError():
            return store_error(_join(address, Text(f"不能这样连接（{error}）", f"cannot be reached in this way ({error})"), after))
        case ServiceUnavailable() | SessionExpired():
            return store_error(_join(address, _why_unavailable(error, address), after), StoreUnavailable)
    lost = Text(f"连接中断（{type(error).__name__}）", f"the connection was lost ({type(error).__name__})")
    return store_error(_join(address, lost, after), StoreUnavailable)


def _why_unavailable(error: BaseException, address: str) -> Text:
    """Why nobody answered as the driver expects: nobody is there, or one side speaks encrypted and the other does not."""
    causes = list(_causes(error))
    plain, encrypted = re.sub(r"\+s(sc)?://", "://", address), re.sub(r"(\+s(sc)?)?://", "+s://", address, count=1)
    unchecked = encrypted.replace("+s://", "+ssc://")
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Text(
            f"服务器的证书不受信任：把签发者加入受信任的证书；若确知是这台服务器，可用 {unchecked}",
            f"the server's certificate is not trusted: have its issuer trusted; or, if you are sure of the server, use {unchecked}",
        )
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Text(f"服务器有应答，但没有加密：请用 {plain}", f"the server answers, but not encrypted: use {plain}")
    if plain == address and any("incomplete handshake" in str(cause) for cause in causes):
        return Text(
            f"那里有程序应答，但没有按不加密的 Bolt 应答：若服务器要求加密，请用 {encrypted}（自签证书用 {unchecked}）；否则请检查端口",
            f"something answers there, but not as Bolt without encryption: if the server asks for encryption, use {encrypted} "
            f"({unchecked} with a certificate of its own); else check the port",
        )
    return Text("服务器没有应答：检查地址，或启动服务器", "the server does not answer: check the address, or start it")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all that stands behind it."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from _causes(part)
        error = error.__cause__ or error.__context__


def _by_code(code: str, error: Exception) -> Text:
    fitting = [known for known in _BY_CODE if code.startswith(known)]
    if fitting:
        return _BY_CODE[max(fitting, key=len)]
    said = getattr(error, "message", None) or type(error).__name__
    return Text(f"服务器拒绝（{code}）：{said}", f"the server refused ({code}): {said}")


def _join(address: str, what: Text, after: Text) -> Text:
    return Text(f"{address}：{what.zh}。{after.zh}。", f"{address}: {what.en}. {after.en[0].upper()}{after.en[1:]}.")


def refuse_old_server(agent: str, address: str) -> None:
    """Raise if the server that calls itself `agent`, such as ``"Neo4j/5.26.30"``, is older than graphkit supports."""
    name, _, version = agent.partition("/")
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if name == "Neo4j" and numbers and numbers < OLDEST_NEO4J:
        oldest = ".".join(map(str, OLDEST_NEO4J))
        raise store_error(
            Text(
                f"{address}：Neo4j {version} 太旧，需要 {oldest} 或更新：请升级服务器。{UNCHANGED.zh}。",
                f"{address}: Neo4j {version} is too old, {oldest} or later is needed: upgrade the server. Nothing was changed.",
            )
        )


def past_limit(timeout_s: float) -> StoreError:
    """The error of a query that was ended at its time limit."""
    return store_error(
        Text(
            f"查询超过 {timeout_s:g} 秒的时限，已被终止：缩小范围，或放宽时限",
            f"the query ran past its limit of {timeout_s:g} s and was ended: narrow it, or allow it more time",
        )
    )
