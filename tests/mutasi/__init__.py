"""Mutation testing (``make mutasi``): small changes are planted in the product, and the tests have to notice them."""
