ANALYZE acmt_dasar.bacaan
