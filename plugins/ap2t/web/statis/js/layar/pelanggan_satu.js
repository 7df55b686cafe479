// One customer: how it stands, its reading, and everything that ever happened to it.

import { html, useState } from "../../pustaka/preact.js";
import { angka, perubahan } from "../angka.js";
import { ambil } from "../api.js";
import { tulisDraf } from "../draf.js";
import { useJajak } from "../jajak.js";
import { LABEL_STATUS, NADA_STATUS, kata } from "../kata.js";
import { Cap, Galat, Ikon, Judul, Kosong, Rangka } from "../komponen.js";
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
      <${Bacaan} b=${data.bacaan} idpel=${idpel} dlpd=${data.bacaan?.dlpd ?? s.dlpd} />
      <div class="kartu"><h3>Identitas</h3><dl class="pasangan pasangan-lebar">
        ${[
          ["Kelompok", i.hari_baca],
          ["KDDK", i.kddk],
          ["Tarif", i.tarif],
          ["Daya", i.daya && `${angka(i.daya, 0)} VA`],
          ["Faktor kali", (i.fkmkwh ?? data.bacaan?.fkmkwh) && angka(i.fkmkwh ?? data.bacaan?.fkmkwh)],
          ["Digit meter", (i.digit_meter ?? data.bacaan?.digit_meter) && angka(i.digit_meter ?? data.bacaan?.digit_meter)],
        ].map(([n, v]) => html`<div><dt>${n}</dt><dd>${v || "–"}</dd></div>`)}
      </dl></div>
    </div>
    <div class="kartu"><h3>Riwayat</h3>
      ${data.riwayat?.length
        ? html`<ol class="garis-waktu">${data.riwayat.map((r) => html`<li><time datetime=${r.pada}>${lengkap(r.pada, unit.zona_waktu)}</time><div><b>${kataRiwayat(r.apa)}</b>${r.oleh && html` <span>oleh ${r.oleh}</span>`}${r.keterangan && html`<div>${r.keterangan}</div>`}${r.sesi && html`<div><a class="tautan kecil" href=${tautan(unit.unitup, thblrek, "sesi", r.sesi)}>${r.sesi}</a></div>`}</div></li>`)}</ol>`
        : html`<${Kosong} judul="Belum ada riwayat bulan ini" ikon="jam" />`}
    </div>
    ${data.bulan_lain?.length > 0 &&
    html`<div class="kartu"><h3>Bulan lain</h3><ul class="hitungan">${data.bulan_lain.map((b) => {
      const t = b.thblrek ?? b;
      return html`<li><a class="tautan" href=${tautan(unit.unitup, t, "pelanggan", idpel)}>${bulan(t)}</a>${b.label && html`<span>${b.label}</span>`}</li>`;
    })}</ul></div>`}
  `;
}

const RIWAYAT = {
  DIBACA: "Dibaca",
  DIUBAH: "Diubah di ACMT",
  VERIFIKASI_PENGAWAS: "Diverifikasi Pengawas",
  VERIFIKASI_VENDOR: "Diverifikasi Admin Vendor",
  DIKIRIM: "Dikirim ke AP2T",
  CUPLIKAN: "Masuk cuplikan",
  DITAHAN: "Ditahan",
  LOLOS: "Lolos saringan",
  DISETUJUI: "Disetujui",
  DIKEMBALIKAN: "Dikembalikan",
  POSTING: "Diposting",
  DITOLAK: "Ditolak",
  BATAL: "Dibatalkan",
};

function kataRiwayat(apa) {
  return RIWAYAT[apa] ?? (/^[A-Z_0-9 ]+$/.test(apa ?? "") ? kata(apa).toLowerCase().replaceAll("_", " ").replace(/^./, (h) => h.toUpperCase()) : apa);
}

function Bacaan({ b, idpel, dlpd }) {
  const { unit } = useKonteks();
  const [foto, setFoto] = useState(false);
  if (!b) return html`<div class="kartu"><h3>Bacaan</h3><${Kosong} judul="Belum ada bacaan" /></div>`;
  const beda = perubahan(b.kwh, b.kwh_lalu);
  const cap = (oleh, pada, sesudah) => (oleh ? `${oleh}, ${lengkap(pada, unit.zona_waktu)}${rentang(sesudah) ? ` (${rentang(sesudah)} sesudah dibaca)` : ""}` : "–");
  return html`<div class="kartu"><h3>Bacaan</h3>
    <p class="bacaan-utama"><span class="stan">${angka(b.slalwbp)} → <b>${angka(b.sahlwbp)}</b></span><span><b>${angka(b.kwh)}</b> kWh${beda && html` <span class=${Math.abs(beda.persen) >= 50 ? "teks-awas" : "redup"}>${beda.teks}</span>`}</span></p>
    <dl class="pasangan pasangan-lebar">
      ${[
        ["WBP", b.sahwbp !== null && b.sahwbp !== undefined && `${angka(b.slawbp)} → ${angka(b.sahwbp)}`],
        ["Jam nyala", b.jam_nyala !== undefined && angka(b.jam_nyala, 1)],
        ["kWh bulan lalu", angka(b.kwh_lalu)],
        ["Rata-rata 3 bulan", angka(b.kwh_rata3)],
        ["Dibaca", cap(b.petugas_baca, b.tgl_baca)],
        ["Pengawas", cap(b.pengawas, b.pengawas_pada, b.pengawas_jam)],
        ["Admin Vendor", cap(b.vendor, b.vendor_pada, b.vendor_jam)],
        ["Dikirim", b.kirim !== undefined && cap(b.kirim ?? b.kirim_oleh, b.kirim_pada)],
        ["Diubah", b.diubah_pada && lengkap(b.diubah_pada, unit.zona_waktu)],
      ]
        .filter(([, v]) => v)
        .map(([n, v]) => html`<div><dt>${n}</dt><dd>${v}</dd></div>`)}
    </dl>
    <div class="tanda-deret">${(dlpd ?? []).map((k) => html`<${Cap}>${kata(k)}<//>`)}
    ${b.foto_url ? html`<button type="button" class="tombol tombol-kecil" onClick=${() => setFoto(true)}><${Ikon} nama="foto" />Lihat foto</button>` : html`<span class="redup kecil">tanpa foto</span>`}</div>
    ${foto && html`<${Foto} b=${{ ...b, idpel }} tutup=${() => setFoto(false)} />`}
  </div>`;
}
