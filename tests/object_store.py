"""An object store for tests: reading a folder by the S3 protocol, on the loopback address, for as long as a test lasts.

It knows HEAD, GET with ranges, and listing, takes any signature of one key that is drawn anew, and writes nothing.
"""

import contextlib
import re
import secrets
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET = "rural"


@contextlib.contextmanager
def served(folder):
    """The folder as the bucket `BUCKET`; the variables of the environment that lead to it."""
    key = secrets.token_hex(10).upper()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"folder": folder, "key": key}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield {
            "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secrets.token_hex(20), "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_EC2_METADATA_DISABLED": "true",
        }  # fmt: skip
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, *, with_body):
        url = urlsplit(self.path)
        bucket, _, name = unquote(url.path).lstrip("/").partition("/")
        file = self.folder / name
        if self.key not in self.headers.get("Authorization", ""):
            self.reply(403, b"<Error><Code>InvalidAccessKeyId</Code></Error>", with_body)
        elif bucket == BUCKET and not name:
            self.reply(200, self.listing(parse_qs(url.query, keep_blank_values=True)), with_body)
        elif bucket == BUCKET and file.is_file():
            self.reply(*self.part(file.read_bytes()), with_body, file=True)
        else:
            self.reply(404, b"<Error><Code>NoSuchKey</Code></Error>", with_body)

    def part(self, data):
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not asked:
            return 200, data
        first, last = int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)
        self.range = f"bytes {first}-{last}/{len(data)}"
        return 206, data[first : last + 1]

    def listing(self, query):
        prefix = query.get("prefix", [""])[0]
        found = sorted(file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*") if file.is_file())
        rows = [(name, (self.folder / name).stat().st_size) for name in found if name.startswith(prefix)]
        said = "".join(f"<Contents><Key>{escape(name)}</Key><Size>{size}</Size></Contents>" for name, size in rows)
        return f"<ListBucketResult><KeyCount>{len(rows)}</KeyCount><IsTruncated>false</IsTruncated>{said}</ListBucketResult>".encode()

    def reply(self, status, body, with_body, *, file=False):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/octet-stream" if file else "application/xml")
        if file:
            self.send_header("ETag", '"0"')
            self.send_header("Last-Modified", formatdate(0, usegmt=True))
        if status == 206:
            self.send_header("Content-Range", self.range)
        self.end_headers()
        if with_body:
            self.wfile.write(body)
