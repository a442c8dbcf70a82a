"""What a load costs, as ratios of CPU seconds in one run: bounds that are generous, so that only a slip breaks them."""

import datetime as dt
import random
import time

import pyarrow.csv
import pytest

from loaders.encodings import is_utf8
from loaders.load import read_source

SLOWER_THAN_RAW = 15  # measured: 4 to 6 times at 200,000 rows
GROWTH = 3.0  # for twice as many rows; quadratic work gives 4


def register(folder, rows):
    """A sound register of members, by code; all people in it are made up."""
    draw = random.Random(5)
    first = dt.date(1990, 1, 1)
    lines = [
        f"m{7919 * n % 999_983:06d},张{n % 300}明,probationary,{first + dt.timedelta(draw.randrange(9000))},{draw.randint(1940, 1960)},{draw.choice(['是', '否'])}"
        for n in range(rows)
    ]
    path = folder / "Member.csv"
    path.write_text("\n".join(["id,name,stage,admitted_on,birth_year,is_cadre", *lines, ""]), encoding="utf-8")
    return path


def cost(work, path):
    """CPU seconds of the least of three runs."""
    spent = []
    for _ in range(3):
        began = time.process_time()
        work(path)
        spent.append(time.process_time() - began)
    return min(spent)


def test_a_load_costs_a_bounded_multiple_of_the_raw_read_and_grows_with_the_rows(tmp_path):
    half = cost(read_source, register(tmp_path, 50_000))
    path = register(tmp_path, 100_000)
    whole = cost(read_source, path)
    assert read_source(path).tables["Member"].num_rows == 100_000
    assert whole < SLOWER_THAN_RAW * cost(pyarrow.csv.read_csv, path)
    assert whole < GROWTH * half


@pytest.mark.parametrize("seed", range(3))
def test_utf8_is_what_python_decodes(seed):
    draw = random.Random(seed)
    odd = bytes.fromhex("41e69d91eda080f490c0c1f09f98efbbbff5e0")
    for _ in range(2_000):
        data = bytes(draw.choice(odd) for _ in range(draw.randint(0, 4)))
        try:
            data.decode()
        except UnicodeDecodeError:
            assert not is_utf8(data), data
        else:
            assert is_utf8(data), data
