"""Benchmarks: `make bench`, or `python -m bench NAME`. Each prints a table and writes results/NAME.json.

The walk of a run: `servers` starts Aula's engine or Janus, `aula` / `janus` speak its signalling,
`light` carries packets to and from it, `source` feeds them, `forward` / `participant` / `join` measure,
`report` prints and writes.
"""
