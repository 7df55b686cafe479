SELECT pg_advisory_unlock(hashtextextended(:nama, 0))
