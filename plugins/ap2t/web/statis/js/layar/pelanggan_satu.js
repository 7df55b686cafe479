// One customer: how it stands, its reading, and everything that ever happened to it.

import { html, useState } from "../../pustaka/preact.js";
import { angka, perubahan } from "../angka.js";
import { ambil } from "../api.js";
import { tulisDraf } from "../draf.js";
import { useJajak } from "../jajak.js";
import { LABEL_STATUS, NADA_STATUS, kata } from "../kata.js";
import { Cap, Galat, Ikon, Judul, Kosong, Pesan, Rangka } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { ke, tautan } from "../rute.js";
import { bulan, lengkap, rentang } from "../waktu.js";
import { Foto } from "./baris.js";

export function SatuPelanggan({ idpel }) {
  const { unit, thblrek } = useKonteks();
  const jalan = `unit/${unit.unitup}/${thblrek}/pelanggan/${encodeURIComponent(idpel)}`;
  const { data, galat, memuat, segarkan } = useJajak(jalan, (sinyal) => ambil(jalan, { sinyal }), 15_000);
  return html`<section class="satu" aria-label=${`Pelanggan ${idpel}`}>
    <button type="button" class="tombol tombol-halus" onClick=${() => (history.length > 1 ? history.back() : ke(tautan(unit.unitup, thblrek, "pelanggan")))}><${Ikon} nama="kembali" />Kembali</button>
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${data?.galat_acmt && html`<${Pesan} nada="awas" judul="ACMT tidak menjawab"><p>${data.galat_acmt}</p><//>`}
    ${memuat && html`<${Rangka} baris=${6} apa="Memuat pelanggan" />`}
    ${data && html`<${Isi} data=${data} idpel=${idpel} />`}
  </section>`;
}

function Isi({ data, idpel }) {
  const { saya, unit, thblrek, bertindak } = useKonteks();
  const i = data.identitas ?? {};
  const s = data.status ?? {};
  function batalkan() {
    tulisDraf(saya.username, `pembatalan:${unit.unitup}/${thblrek}`, { hari_baca: i.hari_baca, cakupan: "daftar", idpel, alasan: "" });
    ke(tautan(unit.unitup, thblrek, "pembatalan"));
  }
  return html`
    <div class="kepala-layar">
      <${Judul} fokus=${idpel}>${i.nama ?? "Pelanggan tanpa nama"}<span class="judul-kecil nomor">${idpel}</span><//>
      ${bertindak && s.status === "SUDAH_DISAHKAN" && html`<button type="button" class="tombol" onClick=${batalkan}><${Ikon} nama="batal" />Batalkan pengesahannya …</button>`}
    </div>
    <div class="kartu status-kartu">
      <${Cap} nada=${NADA_STATUS[s.status] ?? "netral"}>${s.label ?? LABEL_STATUS[s.status] ?? s.status}<//>
      <span>${(s.sebab ?? []).map(kata).join(", ")}</span>
      <span class="redup kecil">${s.sejak ? `sejak ${lengkap(s.sejak, unit.zona_waktu)}` : "kini"}${s.menurut ? `, menurut ${s.menurut === "BUKU" ? "buku pengesahan" : s.menurut}` : ""}</span>
      ${s.sesi && html`<a class="tautan" href=${tautan(unit.unitup, thblrek, "sesi", s.sesi)}>${s.sesi}</a>`}
    </div>
    <div class="dua-kartu">
      <${Bacaan} b=${data.bacaan} dari=${data.bacaan_dari} idpel=${idpel} status=${s} />
      <div class="kartu"><h3>Identitas</h3>
        <${Pasangan} isi=${[
          ["Kelompok", i.hari_baca],
          ["KDDK", i.kddk],
          ["Tarif", i.tarif],
          ["Daya", i.daya && `${angka(i.daya, 0)} VA`],
          ["Faktor kali", data.bacaan && angka(data.bacaan.fkmkwh)],
          ["Digit meter", data.bacaan && angka(data.bacaan.digit_meter)],
        ]} />
      </div>
    </div>
    <div class="kartu"><h3>Riwayat</h3>
      ${data.riwayat?.length
        ? html`<ol class="garis-waktu">${data.riwayat.map((r) => html`<li><time datetime=${r.pada}>${lengkap(r.pada, unit.zona_waktu)}</time><div><b>${kataRiwayat(r.apa)}</b>${r.oleh && html` <span>oleh ${r.oleh}</span>`}${r.keterangan && html`<div>${kataKeterangan(r.keterangan)}</div>`}${r.sesi && html`<div><a class="tautan kecil" href=${tautan(unit.unitup, thblrek, "sesi", r.sesi)}>${r.sesi}</a></div>`}</div></li>`)}</ol>`
        : html`<${Kosong} judul="Belum ada riwayat bulan ini" ikon="jam" />`}
    </div>
    ${data.bulan_lain?.length > 0 &&
    html`<div class="kartu"><h3>Bulan lain</h3><ul class="hitungan">${data.bulan_lain.map((b) => {
      const t = b.thblrek ?? b;
      return html`<li><a class="tautan" href=${tautan(unit.unitup, t, "pelanggan", idpel)}>${bulan(t)}</a>${b.hari_baca && html`<span>kelompok ${b.hari_baca}</span>`}</li>`;
    })}</ul></div>`}
  `;
}

const RIWAYAT = {
  DIBACA: "Dibaca",
  DIUBAH: "Diubah di ACMT",
  VERIFIKASI_PENGAWAS: "Diverifikasi Pengawas",
  VERIFIKASI_VENDOR: "Diverifikasi Admin Vendor",
  DIKIRIM_ACMT: "Dikirim dari ACMT ke AP2T",
  CUPLIKAN: "Dipotret untuk rekap",
  TERTAHAN: "Ditahan saringan",
  LOLOS: "Lolos saringan",
  GERBANG_DIBUKA: "Persetujuan ditanyakan",
  DISETUJUI: "Sah/Setuju",
  DITOLAK_PENGESAH: "Tolak",
  DIKEMBALIKAN: "Dikembalikan kepada vendor",
  PENGEMBALIAN_SELESAI: "Verifikasinya dihapus di ACMT",
  BATCH_DIKIRIM: "Dikirim untuk posting",
  BATCH_BATAL: "Pengiriman batal",
  PEMBATALAN_DIPERIKSA: "Diperiksa untuk pembatalan",
  POSTING: "Posting 1 di AP2T",
  DITOLAK: "Ditolak AP2T",
  BERUBAH: "Tidak dikirim: berubah di ACMT",
  BATAL: "Dibatalkan di AP2T",
  SUPLAI_STAN: "Suplai stan (posting 3)",
  BACAAN_DIARSIPKAN: "Bacaan diarsipkan",
  SESI_SELESAI: "Sesi selesai",
  SESI_DITOLAK: "Sesi berakhir: ditolak",
  SESI_NIHIL: "Sesi berakhir: nihil",
  SESI_DIAMBIL_ALIH: "Sesi diambil alih",
  SESI_KEDALUWARSA: "Sesi kedaluwarsa",
};

/** What happened, in words; a code that has none is at least written like words. */
function kataRiwayat(apa) {
  return RIWAYAT[apa] ?? String(apa ?? "").toLowerCase().replaceAll("_", " ").replace(/^./, (h) => h.toUpperCase());
}

/** Codes within a remark in words; whatever a person wrote stays as it is. */
function kataKeterangan(teks) {
  return teks.split(", ").map(kata).join(", ");
}

/** Hours from one instant to another, as text; null: one of them is not known. */
function jamAntara(awal, akhir) {
  const selisih = (Date.parse(akhir) - Date.parse(awal)) / 3_600_000;
  return Number.isNaN(selisih) ? null : String(selisih);
}

/** Names with their values; those without one are left out. */
function Pasangan({ isi, kelas = "" }) {
  return html`<dl class=${`pasangan pasangan-lebar ${kelas}`}>${isi.filter(([, nilai]) => nilai).map(([nama, nilai]) => html`<div><dt>${nama}</dt><dd>${nilai}</dd></div>`)}</dl>`;
}

function Bacaan({ b, dari, idpel, status }) {
  const { unit } = useKonteks();
  const [foto, setFoto] = useState(false);
  if (!b) return html`<div class="kartu"><h3>Bacaan</h3><${Kosong} judul="Belum ada bacaan" /></div>`;
  const kwh = status.kwh ?? b.pemkwh;
  const beda = perubahan(kwh, b.pemkwh_lalu);
  const cap = (oleh, pada) => {
    if (!oleh) return "–";
    const lama = rentang(jamAntara(b.tgl_baca, pada));
    return `${oleh}, ${lengkap(pada, unit.zona_waktu)}${lama ? ` (${lama} sesudah dibaca)` : ""}`;
  };
  return html`<div class="kartu"><h3>Bacaan</h3>
    <p class="bacaan-utama"><span class="stan">${angka(b.slalwbp)} → <b>${angka(b.sahlwbp)}</b></span><span><b>${angka(kwh)}</b> kWh${beda && html` <span class=${Math.abs(beda.persen) >= 50 ? "teks-awas" : "redup"}>${beda.teks}</span>`}</span></p>
    <${Pasangan} isi=${[
      ["WBP", b.sahwbp !== null && `${angka(b.slawbp)} → ${angka(b.sahwbp)}`],
      ["Jam nyala", angka(status.jam_nyala, 1)],
      ["kWh bulan lalu", angka(b.pemkwh_lalu)],
      ["Rata-rata 3 bulan", angka(b.pemkwh_rata3)],
    ]} />
    <${Pasangan} kelas="pasangan-cap" isi=${[
      ["Dibaca", b.petugas_baca && `${b.petugas_baca}, ${lengkap(b.tgl_baca, unit.zona_waktu)}`],
      ["Pengawas", cap(b.verif_pengawas_oleh, b.verif_pengawas_pada)],
      ["Admin Vendor", cap(b.verif_vendor_oleh, b.verif_vendor_pada)],
      ["Dikirim", cap(b.kirim_oleh, b.kirim_pada)],
      ["Diubah", b.diubah_pada && lengkap(b.diubah_pada, unit.zona_waktu)],
    ]} />
    <div class="tanda-deret">${(status.dlpd ?? []).map((k) => html`<${Cap}>${kata(k)}<//>`)}
    ${b.foto_url ? html`<button type="button" class="tombol tombol-kecil" onClick=${() => setFoto(true)}><${Ikon} nama="foto" />Lihat foto</button>` : null}</div>
    ${dari && dari !== "ACMT" && html`<p class="redup kecil">Menurut ${dari}; ACMT tidak memuatnya sekarang.</p>`}
    ${foto && html`<${Foto} b=${{ ...b, kwh, idpel }} tutup=${() => setFoto(false)} />`}
  </div>`;
}
