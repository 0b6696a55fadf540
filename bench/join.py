"""placeholder, replaced below"""

from argparse import ArgumentParser


def arguments(parser: ArgumentParser) -> None: ...
async def run(options) -> bool:
    return True
