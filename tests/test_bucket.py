"""A district in an object store is the one that was copied there; what is missing, damaged or refused is told."""

import json

import pytest

from graphkit.cli import main
from graphkit.errors import StoreError
from graphkit.generate import generate_district
from graphkit.store.bucket import BucketStore
from graphkit.store.connect import connect
from graphkit.store.local.store import LocalStore
from tests.object_store import BUCKET, served


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bucket")
    LocalStore(folder / "区县.gk").write(generate_district(villages=2, seed=5))
    return folder


@pytest.fixture
def bucket(folder, monkeypatch):
    with served(folder) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield f"s3://{BUCKET}/区县.gk"


def test_the_district_is_the_one_that_was_copied(folder, bucket, capsys):
    here = LocalStore(folder / "区县.gk")
    with connect(bucket) as store:
        assert isinstance(store, BucketStore)
        assert store.read() == here.read()
        assert store.holds(here.read())
        assert store.read_account().counts == here.read_account().counts
        tables, files = store.read_with_files()
    assert tables == here.read(places=False)
    assert files["Member"].startswith(f"s3a://{BUCKET}/区县.gk/data-")
    said = []
    for place in (str(folder / "区县.gk"), bucket):
        assert main(["annual-return", place, "--as-of", "2012-04-30", "--lang", "en"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_it_is_only_read(bucket):
    for ask in (lambda: connect(bucket).write(generate_district(villages=1, seed=1)), lambda: connect(bucket).query("members")):
        with pytest.raises(StoreError, match="copy"):
            ask()


def test_what_is_not_there_damaged_or_refused_is_told(folder, bucket, monkeypatch, tmp_path):
    with pytest.raises(StoreError, match="there is no store at none"):
        connect(f"s3://{BUCKET}/none.gk").read()
    manifest = json.loads((folder / "区县.gk" / "manifest.json").read_text("utf-8"))
    file = folder / "区县.gk" / manifest["data"] / "Member.parquet"
    whole = file.read_bytes()
    tables, _ = connect(bucket).read_with_files()
    try:
        file.write_bytes(whole[:-1] + b"x")
        with pytest.raises(StoreError, match="is damaged"):
            connect(bucket).read()
        file.unlink()
        with pytest.raises(StoreError, match="are missing"):
            connect(bucket).read()
        with pytest.raises(StoreError, match="is missing"):
            tables["Member"]
    finally:
        file.write_bytes(whole)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    with pytest.raises(StoreError, match="does not answer, or refuses") as told:
        connect(bucket).read()
    assert "another" not in str(told.value)
