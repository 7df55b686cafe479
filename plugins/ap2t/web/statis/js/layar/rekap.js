// What a supervisor decides on: the sums, how the hours are spread, who is held back, what to look at.

import { html } from "../../pustaka/preact.js";
import { angka, juta, perubahan, sekian } from "../angka.js";
import { kata } from "../kata.js";
import { Figur } from "../komponen.js";
import { BarisSesi } from "./baris.js";

/** The rekap of an approval. `pilih`: {ada(idpel), ubah(row)} where customers may be sent back. */
export function Rekap({ data, pilih }) {
  const { sesi, rekap } = data;
  if (!rekap?.hasil) return null;
  const { hasil, lalu } = rekap;
  const beda = lalu ? perubahan(lalu.kwh, lalu.kwh_lalu) : null;
  const besar = beda !== null && Math.abs(beda.persen) >= 20;
  return html`<section class="rekap" aria-label="Rekap">
    <dl class="figur-deret">
      <${Figur} nama="Akan disahkan" nada="utama" kecil=${`${angka(hasil.kwh_lolos)} kWh`}>${angka(hasil.lolos)}<//>
      <${Figur} nama="Ditahan" nada=${hasil.ditahan ? "awas" : undefined} kecil="tetap belum disahkan">${angka(hasil.ditahan)}<//>
      <${Figur} nama="Terhadap bulan lalu" nada=${besar ? "awas" : undefined} kecil=${lalu ? `dari ${angka(lalu.kwh_lalu)} kWh` : ""}>${beda?.teks ?? "–"}<//>
      <${Figur} nama="Jam nyala tertinggi" kecil="yang akan disahkan">${angka(hasil.jam_nyala_tertinggi, 0)}<//>
    </dl>
    <div class="dua-kartu">
      <${Sebaran} rekap=${rekap} batas=${sesi.batas_jam_nyala} />
      <${Verifikasi} peran=${rekap.verifikasi ?? []} />
    </div>
    <${BarisSesi} data=${data} pilih=${pilih} />
  </section>`;
}

const TINGGI = 132;
const LEBAR = 560;

/** The spread of jam nyala as bars; what lies beyond the limit is held back. Its figures as a table for whoever wants them. */
function Sebaran({ rekap, batas = 2000 }) {
  const kelas = (rekap.sebaran ?? []).filter((k) => k && k.jumlah !== undefined);
  if (!kelas.length) return null;
  const batasAngka = Number(batas ?? 2000);
  const tahan = (k) => k.dari !== null && Number(k.dari) >= batasAngka && Number(k.dari) > 0;
  const puncak = Math.max(...kelas.map((k) => k.jumlah), 1);
  const langkah = LEBAR / kelas.length;
  const letakBatas = kelas.findIndex(tahan);
  const lebih = kelas.filter(tahan).reduce((n, k) => n + k.jumlah, 0);
  const label = (k) => (k.sampai === null || k.sampai === undefined ? `> ${angka(k.dari, 0)}` : `${angka(k.dari, 0)}–${angka(k.sampai, 0)}`);
  // the root of the count: a class of three customers is seen beside one of two thousand
  const tinggi = (n) => (n ? Math.max(3, Math.sqrt(n / puncak) * TINGGI) : 0);
  return html`<figure class="kartu sebaran">
    <figcaption><h3>Sebaran jam nyala</h3><span class="redup kecil">tinggi batang menurut akar jumlah pelanggan</span></figcaption>
    <svg viewBox=${`0 0 ${LEBAR} ${TINGGI + 50}`} role="img" aria-label=${`Sebaran jam nyala: ${kelas.map((k) => `${label(k)} jam ${angka(k.jumlah)}`).join("; ")}. ${sekian(lebih)} di atas ${angka(batas, 0)} jam, ditahan.`}>
      ${kelas.map((k, i) => {
        const h = tinggi(k.jumlah);
        const x = i * langkah;
        return html`<g class=${tahan(k) ? "kelas-tahan" : "kelas"}>
          <rect x=${x + langkah * 0.12} y=${TINGGI + 14 - h} width=${langkah * 0.76} height=${h} rx="2" />
          ${k.jumlah > 0 && html`<text class="kelas-jumlah" x=${x + langkah / 2} y=${TINGGI + 9 - h}>${angka(k.jumlah)}</text>`}
          <text class="kelas-nama" x=${x + langkah / 2} y=${TINGGI + 29}>${angka(k.dari, 0)}</text>
        </g>`;
      })}
      <line class="alas" x1="0" x2=${LEBAR} y1=${TINGGI + 14} y2=${TINGGI + 14} />
      ${letakBatas > 0 && html`<g class="garis-batas"><line x1=${letakBatas * langkah} x2=${letakBatas * langkah} y1="2" y2=${TINGGI + 20} /><text x=${letakBatas * langkah - 5} y="11">batas ${angka(batas, 0)} jam</text></g>`}
      <text class="sumbu" x=${LEBAR} y=${TINGGI + 47}>jam nyala, mulai dari</text>
    </svg>
    <details class="rincian"><summary>Angkanya</summary>
      <table class="tabel tabel-kecil"><thead><tr><th scope="col">Jam nyala</th><th scope="col" class="kanan">Pelanggan</th></tr></thead>
        <tbody>${kelas.map((k) => html`<tr><td>${label(k)}${tahan(k) ? " (ditahan)" : ""}</td><td class="kanan">${angka(k.jumlah)}</td></tr>`)}</tbody></table>
    </details>
  </figure>`;
}

/** How the verification was done: hundreds in a minute were not looked at one by one. */
function Verifikasi({ peran }) {
  if (!peran.length) return null;
  return html`<div class="kartu">
    <h3>Cara verifikasi</h3>
    <div class="peran-deret">
      ${peran.map(
        (p) => html`<dl class="peran">
          <div class="peran-nama"><dt>${p.peran}</dt><dd>${angka(p.orang)} orang</dd></div>
          <div><dt>tercepat sesudah dibaca</dt><dd>${p.tercepat_menit === null ? "–" : `${angka(p.tercepat_menit)} menit`}</dd></div>
          <div><dt>dalam 5 menit sesudah dibaca</dt><dd class=${p.lekas ? "teks-awas" : ""}>${angka(p.lekas)}</dd></div>
          <div><dt>terbanyak dalam 1 menit, satu orang</dt><dd class=${p.serentak >= 60 ? "teks-awas" : ""}>${angka(p.serentak)}</dd></div>
        </dl>`,
      )}
    </div>
    <p class="redup kecil">Ratusan dalam satu menit berarti tidak dilihat satu per satu.</p>
  </div>`;
}

/** The sum of kWh of rows that the page has seen; null where one of them has none. */
export function jumlahKwh(baris) {
  return baris.reduce((n, b) => {
    const satu = juta(b?.kwh);
    return n === null || satu === null ? null : n + satu;
  }, 0n);
}

/** Codes with their counts, in words. */
export function Hitungan({ judul, isi }) {
  if (!isi?.length) return null;
  return html`<div><h4>${judul}</h4><ul class="hitungan">${isi.map((k) => html`<li><span>${k.nama ?? kata(k.kode)}</span><b>${angka(k.jumlah)}</b></li>`)}</ul></div>`;
}

