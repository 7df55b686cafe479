-- Be the only one at something, on whatever machine; lets go when it says so, or when its connection ends.
SELECT pg_try_advisory_lock(hashtextextended(:nama, 0))
