"""Ctrl-C: whatever a library makes of it, it ends as KeyboardInterrupt."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from graphkit.interrupts import interrupts_kept, interrupts_pass, interrupts_wait, pass_interrupt

CHILD = """
import collections, datetime as dt, json, os, random, signal, sys, threading
import graphkit

tables = graphkit.generate_district(villages=30, seed=1)
ask = {"gaps": graphkit.find_coverage_gaps, "reach": graphkit.find_pairing_reach}[sys.argv[1]]
day = dt.date(2026, 6, 30)
ask(tables, as_of=day)
seen, random = collections.Counter(), random.Random(7)
for _ in range(24):
    threading.Timer(random.uniform(0, 0.6), os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        while True:
            ask(tables, as_of=day)
    except BaseException as error:
        seen[type(error).__name__] += 1
print(json.dumps(seen))
"""


@pytest.mark.parametrize("question", ["gaps", "reach"])
def test_ctrl_c_in_a_question_is_an_interrupt_at_any_moment(question):
    run = subprocess.run([sys.executable, "-c", CHILD, question], capture_output=True, text=True, check=True, timeout=300)
    assert json.loads(run.stdout) == {"KeyboardInterrupt": 24}


def test_an_interrupt_that_a_library_swallows_is_raised_all_the_same():
    def lose_it():
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            error = RuntimeError("Query interrupted")
        raise error

    with pytest.raises(KeyboardInterrupt), interrupts_pass():
        lose_it()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_the_interpreter_prints_and_forgets_is_raised_all_the_same():
    callback = ctypes.CFUNCTYPE(None)(lambda: os.kill(os.getpid(), signal.SIGINT))
    done = []

    def work():
        with interrupts_pass():
            callback()
            done.append(1)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == [1]


def test_compiling_a_kernel_is_not_broken_off(tmp_path):
    """The compiler stores what it made from a callback, in which an interrupt would be printed and forgotten."""
    code = """
import os, signal
from graphkit.kernels.compiled import compiled
from numba.core.codegen import JITCodeLibrary
import numpy
before, told = JITCodeLibrary._object_compiled_hook, []
def notify(module, data):
    if not told:
        told.append(1)
        os.kill(os.getpid(), signal.SIGINT)
    before(module, data)
JITCodeLibrary._object_compiled_hook = staticmethod(notify)
def double(values):
    for i in range(len(values)):
        values[i] *= 2
run, values = compiled(double), numpy.ones(3)
try:
    run(values)
except KeyboardInterrupt:
    print("interrupted")
run(values)
print(*values)
"""
    script = tmp_path / "script.py"  # the compiler keeps its work beside a file
    script.write_text(code)
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, timeout=300)
    assert run.stdout.split() == ["interrupted", "2.0", "2.0", "2.0"], run.stderr


def test_who_is_told_of_an_interrupt_is_told_again_when_a_library_has_gone():
    with interrupts_kept():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_failure_of_its_own_stays_what_it_is():
    with pytest.raises(RuntimeError, match="its own"), interrupts_pass():
        raise RuntimeError("its own")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_the_user_is_asked_and_put_back():
    asked = []
    before = signal.signal(signal.SIGINT, lambda *_: asked.append(1))
    try:
        with interrupts_pass():
            os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert asked == [1, 1]


def test_another_thread_works_without_the_signal():
    done = []

    def work():
        with interrupts_pass():
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]


def test_an_interrupt_behind_an_error_is_found():
    error = RuntimeError()
    error.__context__ = ValueError()
    error.__context__.__context__ = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        pass_interrupt(error, None)
    pass_interrupt(error, error.__context__.__context__)  # handled before the work began


def test_an_interrupt_waits_for_what_cannot_be_broken_off():
    done = []

    def work():
        with interrupts_wait():
            os.kill(os.getpid(), signal.SIGINT)
            done.append(1)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == [1]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_question_asked_again_after_an_interrupted_import_is_answered():
    code = """
import os, signal, sys, threading
import graphkit
from graphkit.kernels import compiled
tables = graphkit.generate_district(villages=3, seed=1)
network = graphkit.Network.from_tables(tables)
compiled.PLAIN_STEPS = 0
started = threading.Event()
class Watch:  # interrupts as soon as the compiler begins to be imported
    def find_spec(self, name, path=None, target=None):
        if name == "numba.core.types" and not started.is_set():
            started.set()
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Watch())
try:
    graphkit.find_bridge_figures(network)
except KeyboardInterrupt:
    print("interrupted")
print(len(graphkit.find_bridge_figures(network)) > 0)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert run.stdout.split() == ["interrupted", "True"], run.stderr
