-- Months in which the ledger knows a unit, stepping through the index rather than reading every session.
WITH RECURSIVE b AS (
    SELECT max(thblrek) AS thblrek FROM pengesahan.sesi WHERE unitup = :unitup
    UNION ALL
    SELECT (SELECT max(s.thblrek) FROM pengesahan.sesi s WHERE s.unitup = :unitup AND s.thblrek < b.thblrek)
      FROM b WHERE b.thblrek IS NOT NULL
)
SELECT thblrek FROM b WHERE thblrek IS NOT NULL
