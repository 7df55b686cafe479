"""``python -m ap2t.cli``: the ``ap2t`` command."""

from ap2t.cli import app

app(prog_name="ap2t")
