"""How the libraries that scripts/bench --peers measures are found and installed."""

import re
import zipfile
from pathlib import Path

import pytest
from trilbench.setup import debian, environment, peers
from trilbench.setup.peers import Library
from trilbench.stop import Stop

LOADED = ("openblas", "mkl", "ggml", "onnxruntime", "blis")


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """A machine that has none of them, and Debian's packages; nothing is chosen."""
    for name in ("BLIS", "EIGEN", "GGML", "MKL", "ONNXRUNTIME", "OPENBLAS", "TORCH"):
        monkeypatch.delenv(f"TRILBENCH_{name}", raising=False)
    monkeypatch.setattr(peers, "EIGEN_FOLDERS", [])
    monkeypatch.setattr(peers, "SYSTEM", tmp_path / "system")
    folders = {"EIGEN": "deps/eigen", "TORCH": "deps/torch", "DEPENDENCIES": "deps", "ENVIRONMENT": "venv"}
    for name, folder in folders.items():
        monkeypatch.setattr(peers, name, tmp_path / folder)
    monkeypatch.setattr(peers, "_TORCH_LOG", tmp_path / "torch.log")
    monkeypatch.setattr(debian, "available", lambda: True)
    monkeypatch.setattr(debian, "unpack", lambda *_: None)
    monkeypatch.setattr(peers, "succeeds", lambda *_: False)
    monkeypatch.setattr(environment, "ensure", refuse)


def refuse(*_):
    raise Stop("no packages here")


def touched(file):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    return file


def test_the_users_own_library_wins(monkeypatch, tmp_path):
    """Whoever names a library would get the figures of another."""
    for name in LOADED:
        monkeypatch.setenv(f"TRILBENCH_{name.upper()}", f"/opt/mine/lib{name}.so")
    monkeypatch.setattr(peers, "find_loaded", lambda *_: {"TRILBENCH_OPENBLAS": "another"})
    monkeypatch.setenv("TRILBENCH_EIGEN", str(touched(tmp_path / "eigen/Eigen/Core").parents[1]))
    touched(peers.EIGEN / "usr/include/eigen3/Eigen/Core")
    monkeypatch.setenv("TRILBENCH_TORCH", str(touched(tmp_path / "torch/lib/libtorch_cpu.so").parents[1]))
    assert peers.ensure(install=False) == {
        **dict.fromkeys(LOADED, Library()),
        "eigen": Library(settings=(f"-DTRILBENCH_EIGEN={tmp_path}/eigen",)),
        "torch": Library(settings=(f"-DTRILBENCH_TORCH={tmp_path}/torch",)),
    }


@pytest.mark.parametrize(("name", "file"), [("eigen", "Eigen/Core"), ("torch", "lib/libtorch_cpu.so")])
def test_a_choice_with_a_slip_is_a_reason(monkeypatch, tmp_path, name, file):
    """It must not fall back on another library in silence, nor break the build."""
    variable = peers.VARIABLES[name]
    monkeypatch.setenv(variable, str(tmp_path))
    assert peers.ensure(install=True)[name].missing == f"there is no {file} in {tmp_path}, which {variable} names"


def test_the_wheel_comes_before_debians_library():
    """The newer one is the harder rival."""
    assert peers.ensure(install=False)["openblas"] == Library()
    library = touched(peers.DEPENDENCIES / "openblas/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0")
    found = peers.ensure(install=False)["openblas"].environment
    assert found == {"TRILBENCH_OPENBLAS": str(library), "LD_LIBRARY_PATH": str(library.parents[1])}
    wheel = touched(peers.ENVIRONMENT / "lib/python3.11/site-packages/scipy_openblas32/lib/libscipy_openblas.so")
    assert peers.ensure(install=False)["openblas"].environment == {"TRILBENCH_OPENBLAS": str(wheel)}


def test_wheels_are_installed_where_one_is_missing_and_not_chosen(monkeypatch):
    """Nobody who was there before MKL would get it; whoever has named both would download a gigabyte."""
    installed = []

    def ensure(lists, install):
        installed.append((lists, install))
        touched(peers.ENVIRONMENT / "lib/libmkl_rt.so.3")

    monkeypatch.setattr(environment, "ensure", ensure)
    wheels = (
        "scipy_openblas32/lib/libscipy_openblas.so",
        "libggml/lib64/libggml-cpu.so",
        "onnxruntime/capi/libonnxruntime.so.1.32.0",
    )
    for wheel in wheels:
        touched(peers.ENVIRONMENT / "lib/python3.11/site-packages" / wheel)
    assert peers.ensure(install=False)["mkl"] == Library()
    assert not installed
    for _ in range(2):
        found = peers.ensure(install=True)["mkl"]
        assert found.environment == {"TRILBENCH_MKL": str(peers.ENVIRONMENT / "lib/libmkl_rt.so.3")}
    assert installed == [(("peers",), True)]
    (peers.ENVIRONMENT / "lib/libmkl_rt.so.3").unlink()
    monkeypatch.setenv("TRILBENCH_MKL", "/opt/mine/libmkl_rt.so")
    peers.ensure(install=True)
    assert len(installed) == 1


def test_a_wheel_that_is_not_to_be_had_leaves_the_others(monkeypatch, capsys):
    """One that this platform or mirror lacks took all libraries with it, and nobody was told which."""
    asked = []

    def pip(command, log):
        file = next((word for word in command if str(word).startswith("--requirement=")), None)
        if not file:  # PyTorch's
            return False
        (requirement,) = re.split(r"\n(?! )", Path(file.partition("=")[2]).read_text().strip())
        assert "--require-hashes" in command and "--hash=sha256:" in requirement
        asked.append(requirement.partition("==")[0])
        if asked[-1] == "mkl":
            return False
        files = {
            "libggml-python": "libggml/lib64/libggml-cpu.so",
            "onnxruntime": "onnxruntime/capi/libonnxruntime.so.1.32.0",
            "scipy-openblas32": "scipy_openblas32/lib/libscipy_openblas.so",
        }
        touched(peers.ENVIRONMENT / "lib/python3.11/site-packages" / files[asked[-1]])
        return True

    monkeypatch.setattr(peers, "succeeds", pip)
    found = peers.ensure(install=True)
    assert asked == ["scipy-openblas32", "mkl", "libggml-python", "onnxruntime"]
    assert found["openblas"].environment and found["onnxruntime"].environment and not found["mkl"].environment
    assert "left out, since their wheels are not to be had: mkl;" in capsys.readouterr().err


def test_the_systems_library_is_named_and_not_fetched_again(monkeypatch):
    """apt-get at every run for what is installed; the build that the administrator's plain name stands for."""
    unpacked = []
    monkeypatch.setattr(debian, "unpack", lambda name, _: unpacked.append(name))
    blis = touched(peers.SYSTEM / "usr/lib/x86_64-linux-gnu/blis-openmp/libblis.so.4")
    openblas = touched(peers.SYSTEM / "usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0")
    found = peers.ensure(install=True)
    assert found["blis"].environment == {"TRILBENCH_BLIS": str(blis)}
    assert found["openblas"].environment == {"TRILBENCH_OPENBLAS": str(openblas)}
    assert unpacked == ["eigen"]


def test_debians_packages_are_unpacked_once_and_where_they_are_looked_for(monkeypatch):
    """A package fetched at every run, or into a place that nobody looks at; fetched although installing is refused."""
    unpacked = []
    files = {
        "blis": "lib/x86_64-linux-gnu/blis-openmp/libblis.so.4",
        "eigen": "include/eigen3/Eigen/Core",
        "openblas": "lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0",
    }

    def unpack(name, packages):
        unpacked.append((name, packages))
        touched(peers.DEPENDENCIES / name / "usr" / files[name])

    monkeypatch.setattr(debian, "unpack", unpack)
    assert "not installed" in peers.ensure(install=False)["eigen"].missing
    assert not unpacked
    for _ in range(2):
        found = peers.ensure(install=True)
        assert found["eigen"].settings == (f"-DTRILBENCH_EIGEN={peers.EIGEN}/usr/include/eigen3",)
        assert found["blis"].environment
        assert found["openblas"].environment
    assert unpacked == [
        ("openblas", ["libopenblas0-pthread"]),
        ("blis", ["libblis4-openmp"]),
        ("eigen", ["libeigen3-dev"]),
    ]


def test_a_system_without_debians_packages_is_a_reason(monkeypatch):
    monkeypatch.setattr(debian, "available", lambda: False)
    found = peers.ensure(install=True)
    assert "is not to be had" in found["eigen"].missing
    assert [found[name] for name in LOADED] == [Library()] * len(LOADED)


def test_of_torchs_wheel_the_headers_and_libraries_are_kept(monkeypatch):
    """200 MB of Python in the project, a header too few, or the archive left behind."""
    asked = []

    def pip(command, log):
        if "--dest" not in command:
            return False
        asked.append(command)
        part = command[command.index("--dest") + 1]
        part.mkdir(parents=True)
        with zipfile.ZipFile(part / "torch-2.whl", "w") as wheel:
            for name in ("torch/lib/libtorch_cpu.so", "torch/include/ATen/ATen.h", "torch/nn/modules/linear.py"):
                wheel.writestr(name, name)
        return True

    monkeypatch.setattr(peers, "succeeds", pip)
    assert peers.ensure(install=False)["torch"].missing
    for _ in range(2):
        assert peers.ensure(install=True)["torch"].settings == (f"-DTRILBENCH_TORCH={peers.TORCH}/torch",)
    assert len(asked) == 1
    files = {str(file.relative_to(peers.TORCH)) for file in peers.TORCH.rglob("*") if file.is_file()}
    assert files == {"torch/lib/libtorch_cpu.so", "torch/include/ATen/ATen.h"}
    assert [folder.name for folder in peers.TORCH.parent.iterdir()] == ["torch"]


def test_a_mirror_without_torch_is_a_reason_that_says_what_helps(monkeypatch):
    """A traceback instead of a run with the other libraries; half an installation that passes for one."""
    monkeypatch.setattr(peers, "succeeds", lambda *_: False)
    missing = peers.ensure(install=True)["torch"].missing
    assert "its wheel is not to be had" in missing
    assert "PIP_EXTRA_INDEX_URL" in missing
    assert not peers.TORCH.exists()
