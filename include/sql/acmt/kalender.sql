-- The units' reading calendars.

-- name: kalender
-- The reading calendar of every unit from a billing month on, as it stands there.
SELECT unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari FROM acmt.v_jadwal_hari_baca WHERE thblrek >= :thblrek

-- name: jadwal
-- The reading calendar of one unit: of a billing month, of a kelompok, or (*) of all. A range for the index, TRIM for the blanks
-- of CHAR.
SELECT unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari FROM acmt.v_jadwal_hari_baca
WHERE unitup BETWEEN :unitup AND :unitup_atas AND TRIM(unitup) = :unitup
    AND (:thblrek = '*' OR TRIM(thblrek) = :thblrek) AND (:hari_baca = '*' OR TRIM(hari_baca) = :hari_baca)

-- name: jadwal_bulan_semua
-- Every day of every unit's calendar.
SELECT unitup, thblrek, tgl_mulai FROM acmt.v_jadwal_hari_baca
