from trilbench.setup.build import build


def main(o: object) -> int:
    print(build(o.preset, "all", not o.no_install))
    return 0
