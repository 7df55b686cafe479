"""Tests on a second stack; a package, so that it is stopped when they are done."""
