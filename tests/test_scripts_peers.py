"""How the libraries that scripts/bench --peers measures are found and installed."""

import zipfile
from pathlib import Path

import pytest
from trilbench.setup import peers
from trilbench.setup.peers import eigen, openblas, torch
from trilbench.setup.peers.library import Library


@pytest.fixture(autouse=True)
def nothing_chosen(monkeypatch):
    for name in ("OPENBLAS", "EIGEN", "TORCH"):
        monkeypatch.delenv(f"TRILBENCH_{name}", raising=False)


def touched(file):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    return file


def test_the_users_own_library_wins(monkeypatch, tmp_path):
    """Whoever names a library would get the figures of another."""
    monkeypatch.setenv("TRILBENCH_OPENBLAS", "/opt/mine/libopenblas.so")
    monkeypatch.setattr(openblas, "find", lambda *_: {"TRILBENCH_OPENBLAS": "another"})
    monkeypatch.setenv("TRILBENCH_EIGEN", str(touched(tmp_path / "eigen/Eigen/Core").parents[1]))
    monkeypatch.setattr(eigen, "find", lambda: Path("another"))
    monkeypatch.setenv("TRILBENCH_TORCH", str(touched(tmp_path / "torch/lib/libtorch_cpu.so").parents[1]))
    assert peers.ensure(install=False) == {
        "openblas": Library(),
        "eigen": Library(settings=(f"-DTRILBENCH_EIGEN={tmp_path}/eigen",)),
        "torch": Library(settings=(f"-DTRILBENCH_TORCH={tmp_path}/torch",)),
    }


@pytest.mark.parametrize(("module", "file"), [(eigen, "Eigen/Core"), (torch, "lib/libtorch_cpu.so")])
def test_a_choice_with_a_slip_is_a_reason(monkeypatch, tmp_path, module, file):
    """It must not fall back on another library in silence, nor break the build."""
    monkeypatch.setenv(module.VARIABLE, str(tmp_path))
    assert module.ensure(install=True).missing == f"there is no {file} in {tmp_path}, which {module.VARIABLE} names"


def test_the_wheel_comes_before_debians_library(tmp_path):
    """The newer one is the harder rival."""
    environment, dependencies = tmp_path / "venv", tmp_path / "deps"
    assert openblas.find(environment, dependencies) == {}
    debian = touched(dependencies / "peers/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0")
    found = openblas.find(environment, dependencies)
    assert found == {"TRILBENCH_OPENBLAS": str(debian), "LD_LIBRARY_PATH": str(debian.parents[1])}
    wheel = touched(environment / "lib/python3.11/site-packages/scipy_openblas32/lib/libscipy_openblas.so")
    assert openblas.find(environment, dependencies) == {"TRILBENCH_OPENBLAS": str(wheel)}


def test_eigen_is_unpacked_once_and_where_it_is_looked_for(monkeypatch, tmp_path):
    """A package fetched at every run, or into a place that nobody looks at; fetched although installing is refused."""
    unpacked = []

    def unpack(name, packages):
        unpacked.append((name, packages))
        return touched(tmp_path / name / "usr/include/eigen3/Eigen/Core").parents[4]

    monkeypatch.setattr(eigen, "SYSTEM", ())
    monkeypatch.setattr(eigen, "UNPACKED", tmp_path / "eigen")
    monkeypatch.setattr(eigen.debian, "available", lambda: True)
    monkeypatch.setattr(eigen.debian, "unpack", unpack)
    assert "not installed" in eigen.ensure(install=False).missing
    for _ in range(2):
        assert eigen.ensure(install=True).settings == (f"-DTRILBENCH_EIGEN={tmp_path}/eigen/usr/include/eigen3",)
    assert unpacked == [("eigen", ["libeigen3-dev"])]


def test_a_system_without_debians_packages_is_a_reason(monkeypatch, tmp_path):
    monkeypatch.setattr(eigen, "SYSTEM", ())
    monkeypatch.setattr(eigen, "UNPACKED", tmp_path)
    monkeypatch.setattr(eigen.debian, "available", lambda: False)
    assert "is not to be had" in eigen.ensure(install=True).missing


@pytest.fixture
def torch_folder(monkeypatch, tmp_path):
    """Where PyTorch is unpacked in these tests."""
    monkeypatch.setattr(torch, "UNPACKED", tmp_path / "deps" / "torch")
    return tmp_path / "deps" / "torch"


def test_of_torchs_wheel_the_headers_and_libraries_are_kept(monkeypatch, torch_folder):
    """200 MB of Python in the project, a header too few, or the archive left behind."""
    asked = []

    def pip(command, log):
        asked.append(command)
        part = command[command.index("--dest") + 1]
        part.mkdir(parents=True)
        with zipfile.ZipFile(part / "torch-2.whl", "w") as wheel:
            for name in ("torch/lib/libtorch_cpu.so", "torch/include/ATen/ATen.h", "torch/nn/modules/linear.py"):
                wheel.writestr(name, name)
        return True

    monkeypatch.setattr(torch, "succeeds", pip)
    assert torch.ensure(install=False).missing
    for _ in range(2):
        assert torch.ensure(install=True).settings == (f"-DTRILBENCH_TORCH={torch_folder}/torch",)
    assert len(asked) == 1
    files = {str(file.relative_to(torch_folder)) for file in torch_folder.rglob("*") if file.is_file()}
    assert files == {"torch/lib/libtorch_cpu.so", "torch/include/ATen/ATen.h"}
    assert [folder.name for folder in torch_folder.parent.iterdir()] == ["torch"]


def test_a_mirror_without_torch_is_a_reason_after_pytorchs_own_was_asked(monkeypatch, torch_folder):
    """A traceback instead of a run with the other libraries; half an installation that passes for one."""
    asked = []

    def pip(command, log):
        asked.append("--index-url=https://download.pytorch.org/whl/cpu" in command)
        return False

    monkeypatch.setattr(torch, "succeeds", pip)
    assert "its wheel is not to be had" in torch.ensure(install=True).missing
    assert asked == [False, True]
    assert not torch_folder.exists()
