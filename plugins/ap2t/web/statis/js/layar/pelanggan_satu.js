// One customer: how it stands, its reading, and everything that ever happened to it.

import { html, useState } from "../../pustaka/preact.js";
import { angka } from "../angka.js";
import { useAmbil } from "../jajak.js";
import { kata, sebut } from "../kata.js";
import { Cap, Galat, Ikon, Judul, Kosong, Pasangan, Pesan, Rangka } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { ke, tautan } from "../rute.js";
import { bulan, lengkap, rentang } from "../waktu.js";
import { FotoBesar } from "../periksa/foto.js";
import { Perubahan } from "./baris.js";
import { siapkanPembatalan } from "./pembatalan.js";

export function SatuPelanggan({ idpel }) {
  const { unit, thblrek } = useKonteks();
  const { data, galat, memuat, segarkan } = useAmbil(`unit/${unit.unitup}/${thblrek}/pelanggan/${encodeURIComponent(idpel)}`, { jeda: 15_000 });
  return html`<section class="satu" aria-label=${`Pelanggan ${idpel}`}>
    <button type="button" class="tombol tombol-halus" onClick=${() => (history.length > 1 ? history.back() : ke(tautan(unit.unitup, thblrek, "pelanggan")))}><${Ikon} nama="kembali" />Kembali</button>
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${data?.galat_acmt && html`<${Pesan} nada="awas" judul="ACMT tidak menjawab"><p>${data.galat_acmt}</p><//>`}
    ${memuat && html`<${Rangka} baris=${6} apa="Memuat pelanggan" />`}
    ${data && html`<${Isi} data=${data} idpel=${idpel} />`}
  </section>`;
}

function Isi({ data, idpel }) {
  const konteks = useKonteks();
  const { unit, thblrek, bertindak } = konteks;
  const { identitas, status } = data;
  return html`
    <div class="kepala-layar">
      <${Judul} fokus=${idpel}>${identitas.nama ?? "Pelanggan tanpa nama"}<span class="judul-kecil nomor">${idpel}</span><//>
      ${bertindak && status.status === "SUDAH_DISAHKAN" && html`<button type="button" class="tombol" onClick=${() => siapkanPembatalan(konteks, identitas.hari_baca, [idpel])}><${Ikon} nama="batal" />Batalkan pengesahannya …</button>`}
    </div>
    <div class="kartu status-kartu">
      <${Cap} nada=${sebut("status", status.status).nada}>${status.label}<//>
      <span>${status.sebab.map(kata).join(", ")}</span>
      <span class="redup kecil">${status.sejak ? `sejak ${lengkap(status.sejak, unit.zona_waktu)}` : "kini"}, menurut ${status.menurut === "BUKU" ? "buku pengesahan" : status.menurut}</span>
      ${status.sesi && html`<a class="tautan" href=${tautan(unit.unitup, thblrek, "sesi", status.sesi)}>${status.sesi}</a>`}
    </div>
    ${data.mengapa.length > 0 && html`<div class="kartu"><h3>Mengapa</h3>
      <ul>${data.mengapa.map((satu) => html`<li><b>${satu.kata}</b>: ${satu.rinci}.${satu.tindakan && html` <span class="redup">Perbaikan: ${satu.tindakan}.</span>`}</li>`)}</ul>
    </div>`}
    <div class="dua-kartu">
      <${Bacaan} bacaan=${data.bacaan} dari=${data.bacaan_dari} idpel=${idpel} status=${status} />
      <div class="kartu"><h3>Identitas</h3>
        <${Pasangan} kelas="pasangan-lebar" isi=${[
          ["Kelompok", identitas.hari_baca],
          ["KDDK", identitas.kddk],
          ["Tarif", identitas.tarif],
          ["Daya", identitas.daya && `${angka(identitas.daya, 0)} VA`],
          ["Faktor kali", data.bacaan && angka(data.bacaan.fkmkwh)],
          ["Digit meter", data.bacaan && angka(data.bacaan.digit_meter)],
        ]} />
      </div>
    </div>
    ${data.kisah.length > 0 && html`<div class="kartu"><h3>Bulan demi bulan</h3>
      <ol class="garis-waktu">${data.kisah.map((satu) => html`<li key=${satu.bulan}><b>${bulan(satu.bulan)}</b><div>${satu.kalimat.map((kalimat) => html`<p>${kalimat}</p>`)}</div></li>`)}</ol>
    </div>`}
    <div class="kartu"><h3>Riwayat</h3>
      ${data.riwayat.length
        ? html`<ol class="garis-waktu">${data.riwayat.map((peristiwa) => html`<${Peristiwa} ...${peristiwa} />`)}</ol>`
        : html`<${Kosong} judul="Belum ada riwayat bulan ini" ikon="jam" />`}
    </div>
    ${data.bulan_lain.length > 0 &&
    html`<div class="kartu"><h3>Bulan lain</h3><ul class="hitungan">${data.bulan_lain.map(
      (lain) => html`<li><a class="tautan" href=${tautan(unit.unitup, lain.thblrek, "pelanggan", idpel)}>${bulan(lain.thblrek)}</a><span>kelompok ${lain.hari_baca}</span></li>`,
    )}</ul></div>`}
  `;
}

/** Codes within a remark are put in words; whatever a person wrote stays as it is. */
function Peristiwa({ pada, apa, oleh, keterangan, sesi }) {
  const { unit, thblrek } = useKonteks();
  return html`<li><time datetime=${pada}>${lengkap(pada, unit.zona_waktu)}</time><div><b>${sebut("riwayat", apa).kata}</b>${oleh && html` <span>oleh ${oleh}</span>`}${keterangan && html`<div>${keterangan.split(", ").map(kata).join(", ")}</div>`}${sesi && html`<div><a class="tautan kecil" href=${tautan(unit.unitup, thblrek, "sesi", sesi)}>${sesi}</a></div>`}</div></li>`;
}

/** Hours from one instant to another, as text; null: one of them is not known. */
function jamAntara(awal, akhir) {
  const selisih = (Date.parse(akhir) - Date.parse(awal)) / 3_600_000;
  return Number.isNaN(selisih) ? null : String(selisih);
}

function Bacaan({ bacaan, dari, idpel, status }) {
  const { unit } = useKonteks();
  const [foto, setFoto] = useState(false);
  if (!bacaan) return html`<div class="kartu"><h3>Bacaan</h3><${Kosong} judul="Belum ada bacaan" /></div>`;
  const kwh = status.kwh ?? bacaan.pemkwh;
  const cap = (oleh, pada) => {
    if (!oleh) return "–";
    const lama = rentang(jamAntara(bacaan.tgl_baca, pada));
    return `${oleh}, ${lengkap(pada, unit.zona_waktu)}${lama ? ` (${lama} sesudah dibaca)` : ""}`;
  };
  return html`<div class="kartu"><h3>Bacaan</h3>
    <p class="bacaan-utama"><span class="stan">${angka(bacaan.slalwbp)} → <b>${angka(bacaan.sahlwbp)}</b></span><span><b>${angka(kwh)}</b> kWh<${Perubahan} kini=${kwh} lalu=${bacaan.pemkwh_lalu} /></span></p>
    <${Pasangan} kelas="pasangan-lebar" isi=${[
      ["WBP", bacaan.sahwbp !== null && `${angka(bacaan.slawbp)} → ${angka(bacaan.sahwbp)}`],
      ["Jam nyala", angka(status.jam_nyala, 1)],
      ["kWh bulan lalu", angka(bacaan.pemkwh_lalu)],
      ["Rata-rata 3 bulan", angka(bacaan.pemkwh_rata3)],
    ]} />
    <${Pasangan} kelas="pasangan-lebar pasangan-cap" isi=${[
      ["Dibaca", bacaan.petugas_baca && `${bacaan.petugas_baca}, ${lengkap(bacaan.tgl_baca, unit.zona_waktu)}`],
      ["Pengawas", cap(bacaan.verif_pengawas_oleh, bacaan.verif_pengawas_pada)],
      ["Admin Vendor", cap(bacaan.verif_vendor_oleh, bacaan.verif_vendor_pada)],
      ["Dikirim", cap(bacaan.kirim_oleh, bacaan.kirim_pada)],
      ["Diubah", bacaan.diubah_pada && lengkap(bacaan.diubah_pada, unit.zona_waktu)],
    ]} />
    <div class="tanda-deret">${status.dlpd.map((kode) => html`<${Cap}>${kata(kode)}<//>`)}
    ${bacaan.foto_url && html`<button type="button" class="tombol tombol-kecil" aria-expanded=${foto} onClick=${() => setFoto(!foto)}><${Ikon} nama="foto" />Lihat foto</button>`}</div>
    ${dari !== "ACMT" && html`<p class="redup kecil">Menurut ${dari}; ACMT tidak memuatnya sekarang.</p>`}
    ${foto && html`<${FotoBesar} url=${bacaan.foto_url} nama=${`Foto meter ${idpel}`} />`}
  </div>`;
}
