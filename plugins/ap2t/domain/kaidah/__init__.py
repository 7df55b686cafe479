"""The rules: each one object in one place, with its code, name, meaning, judgement and demo case.

``kwh`` and ``fakta``: what is known of a row. ``tahan``: why it is held. ``tanda``: what a person looks at. ``saring``:
the sieve, which asks them all.
"""
