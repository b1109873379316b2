"""The decision on a fresh machine: apt when possible, else the stand-in, else one message that names everything."""

from pathlib import Path

import pytest

from xinyu.ops import bench, binaries, environment, packages, wheels
from xinyu.ops.packages import Need
from xinyu.ops.words import Refusal

APT = ["apt-get"]


class Machine:
    """What is installed; apt and the package index put things here."""

    def __init__(self, *installed, apt_has=(), index_has=()):
        self.installed, self.apt_has, self.index_has = set(installed), apt_has, index_has
        self.asked_apt, self.asked_index = [], []

    def need(self, name, wheel="", optional=""):
        return Need(name, lambda: name in self.installed, (f"deb-{name}",), wheel and f"wheel-{name}", optional)

    def by_apt(self, needs, apt):
        self.asked_apt += [need.what for need in needs]
        self.installed |= {need.what for need in needs if need.what in self.apt_has}

    def by_wheel(self, wheel):
        self.asked_index.append(wheel)
        name = wheel.removeprefix("wheel-")
        self.installed |= {name} & set(self.index_has)

    def ensure(self, *needs, apt=None):
        packages.ensure(needs, apt, self.by_apt, self.by_wheel)


def test_nothing_is_asked_when_everything_is_there():
    machine = Machine("db", "cache")
    machine.ensure(machine.need("db", "w"), machine.need("cache"), apt=APT)
    assert (machine.asked_apt, machine.asked_index) == ([], [])


def test_apt_brings_only_what_is_missing():
    machine = Machine("db", apt_has=["cache"])
    machine.ensure(machine.need("db", "w"), machine.need("cache", "w"), apt=APT)
    assert (machine.asked_apt, machine.asked_index) == (["cache"], [])


def test_without_apt_the_stand_in_comes_and_is_announced(capsys):
    machine = Machine(index_has=["db"])
    machine.ensure(machine.need("db", "w"))
    assert (machine.asked_apt, machine.asked_index) == ([], ["wheel-db"])
    assert "fine for the demo and for tests" in capsys.readouterr().err


def test_the_stand_in_comes_when_apt_lacks_the_package():
    machine = Machine(index_has=["db"])
    machine.ensure(machine.need("db", "w"), apt=APT)
    assert machine.asked_index == ["wheel-db"]


def test_one_message_names_everything_that_cannot_be_had():
    machine = Machine()
    with pytest.raises(Refusal) as refusal:
        machine.ensure(machine.need("pango"), machine.need("chromium"))
    assert "apt-get install deb-pango deb-chromium" in str(refusal.value)


def test_an_optional_thing_is_told_and_not_refused(capsys):
    machine = Machine()
    machine.ensure(machine.need("subset", optional="PDFs are slow"), apt=APT)
    assert "PDFs are slow" in capsys.readouterr().err


def test_servers_the_user_brings_are_not_installed():
    assert {need.what for need in packages.NEEDS} - {need.what for need in packages.without(["DATABASE_URL"])} == {
        "PostgreSQL ≥ 15"
    }
    assert packages.without([]) == packages.NEEDS


def test_every_stand_in_is_hash_locked():
    lock = wheels.LOCK.read_text()
    named = [need.wheel for need in packages.NEEDS if need.wheel]
    assert len(named) == 4
    assert all("--hash=sha256:" in wheels.block(lock, name) for name in (*named, bench.BESIDE))


def test_the_product_beside_the_bench_weighs_on_no_installation(monkeypatch, tmp_path):
    def refuse(name):
        raise Refusal(f"{name} could not be fetched.")

    assert "numpy" not in environment.REQUIREMENTS.read_text()
    monkeypatch.setattr(wheels, "folder", lambda: tmp_path)
    monkeypatch.setattr(wheels, "install", refuse)
    assert bench.with_product({"A": "1"}) == {"A": "1"}, "a bench without a network measures the rest"
    (tmp_path / bench.BESIDE).mkdir()
    assert bench.with_product({"A": "1"}) == {"A": "1", "PYTHONPATH": str(tmp_path)}


def test_a_block_holds_one_package_only():
    lock = "# top\na==1 \\\n    --hash=sha256:1\n    # via x\nb[c]==2 ; os == 'x' \\\n    --hash=sha256:2\n"
    assert wheels.block(lock, "b") == "b[c]==2 ; os == 'x' \\\n    --hash=sha256:2\n"
    with pytest.raises(KeyError):
        wheels.block(lock, "c")


def test_the_newest_server_is_picked_unless_another_holds_data():
    servers = [(14, Path("/14")), (15, Path("/15")), (17, Path("/17"))]
    assert binaries.pick(servers, lambda major: False) == (17, Path("/17"))
    assert binaries.pick(servers, lambda major: major == 15) == (15, Path("/15"))
    assert binaries.pick(servers[:1], lambda major: True) is None
