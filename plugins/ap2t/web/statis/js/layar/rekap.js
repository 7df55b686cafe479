// What a supervisor decides on: the sums, how the hours are spread, who is held back, what to look at.

import { html } from "../../pustaka/preact.js";
import { angka, perubahan, sekian } from "../angka.js";
import { terbuka } from "../kata.js";
import { Cap, Figur } from "../komponen.js";
import { Akibat } from "./akibat.js";
import { BarisSesi } from "./baris.js";

/** The rekap of an approval. `pilih`: {ada(idpel), ubah(row)} where customers may be sent back. */
export function Rekap({ data, pilih }) {
  const { sesi, rekap } = data;
  if (!rekap?.hasil) return null;
  const { hasil, lalu } = rekap;
  const beda = lalu ? perubahan(lalu.kwh, lalu.kwh_lalu) : null;
  const serentak = Math.max(0, ...(rekap.verifikasi ?? []).map((satu) => satu.serentak));
  const besar = beda !== null && Math.abs(beda.persen) >= 20;
  return html`<section class="rekap" aria-label="Rekap">
    <dl class="figur-deret">
      <${Figur} nama=${terbuka(sesi) ? "Akan disahkan" : "Lolos saringan"} nada="utama" kecil=${`${angka(hasil.kwh_lolos)} kWh`}>${angka(hasil.lolos)}<//>
      <${Figur} nama="Ditahan" nada=${hasil.ditahan ? "awas" : undefined} kecil="tetap belum disahkan">${angka(hasil.ditahan)}<//>
      <${Figur} nama="Terhadap bulan lalu" nada=${besar ? "awas" : undefined} kecil=${lalu ? `dari ${angka(lalu.kwh_lalu)} kWh` : ""}>${beda?.teks ?? "–"}<//>
      <${Figur} nama="Jam nyala tertinggi" kecil="yang akan disahkan">${angka(hasil.jam_nyala_tertinggi, 0)}<//>
    </dl>
    <${BarisSesi} data=${data} pilih=${pilih} />
    <${Akibat} nomor=${sesi.nomor} />
    <details class="rincian"><summary>Sebaran jam nyala dan cara verifikasi${serentak >= SERENTAK && html` <${Cap} nada="awas">${angka(serentak)} diverifikasi dalam 1 menit<//>`}</summary>
      <div class="dua-kartu">
        <${Sebaran} rekap=${rekap} batas=${sesi.batas_jam_nyala} />
        <${Verifikasi} semua=${rekap.verifikasi ?? []} />
      </div>
    </details>
  </section>`;
}

const SERENTAK = 60; // verified by one person in a minute: nobody looked at each of them
const TINGGI = 132;
const LEBAR = 560;

/** The spread of jam nyala as bars; what lies beyond the limit is held back. Its figures as a table for whoever wants them. */
function Sebaran({ rekap, batas = 2000 }) {
  const kelas = rekap.sebaran ?? [];
  if (!kelas.length) return null;
  const batasAngka = Number(batas ?? 2000);
  const tahan = ({ dari }) => Number(dari) > 0 && Number(dari) >= batasAngka;
  const puncak = Math.max(...kelas.map(({ jumlah }) => jumlah), 1);
  const langkah = LEBAR / kelas.length;
  const letakBatas = kelas.findIndex(tahan);
  const lebih = kelas.filter(tahan).reduce((jumlah, satu) => jumlah + satu.jumlah, 0);
  const label = ({ dari, sampai }) => (sampai === null ? `> ${angka(dari, 0)}` : `${angka(dari, 0)}–${angka(sampai, 0)}`);
  // the root of the count: a class of three customers is seen beside one of two thousand
  const tinggiBatang = (jumlah) => (jumlah ? Math.max(3, Math.sqrt(jumlah / puncak) * TINGGI) : 0);
  return html`<figure class="kartu sebaran">
    <figcaption><h3>Sebaran jam nyala</h3><span class="redup kecil">tinggi batang menurut akar jumlah pelanggan</span></figcaption>
    <svg viewBox=${`0 0 ${LEBAR} ${TINGGI + 50}`} role="img" aria-label=${`Sebaran jam nyala: ${kelas.map((satu) => `${label(satu)} jam ${angka(satu.jumlah)}`).join("; ")}. ${sekian(lebih)} di atas ${angka(batas, 0)} jam, ditahan.`}>
      ${kelas.map((satu, urutan) => {
        const tinggi = tinggiBatang(satu.jumlah);
        const kiri = urutan * langkah;
        return html`<g class=${tahan(satu) ? "kelas-tahan" : "kelas"}>
          <rect x=${kiri + langkah * 0.12} y=${TINGGI + 14 - tinggi} width=${langkah * 0.76} height=${tinggi} rx="2" />
          ${satu.jumlah > 0 && html`<text class="kelas-jumlah" x=${kiri + langkah / 2} y=${TINGGI + 9 - tinggi}>${angka(satu.jumlah)}</text>`}
          <text class="kelas-nama" x=${kiri + langkah / 2} y=${TINGGI + 29}>${angka(satu.dari, 0)}</text>
        </g>`;
      })}
      <line class="alas" x1="0" x2=${LEBAR} y1=${TINGGI + 14} y2=${TINGGI + 14} />
      ${letakBatas > 0 && html`<g class="garis-batas"><line x1=${letakBatas * langkah} x2=${letakBatas * langkah} y1="2" y2=${TINGGI + 20} /><text x=${letakBatas * langkah - 5} y="11">batas ${angka(batas, 0)} jam</text></g>`}
      <text class="sumbu" x=${LEBAR} y=${TINGGI + 47}>jam nyala, mulai dari</text>
    </svg>
    <details class="rincian"><summary>Angkanya</summary>
      <table class="tabel tabel-kecil"><thead><tr><th scope="col">Jam nyala</th><th scope="col" class="kanan">Pelanggan</th></tr></thead>
        <tbody>${kelas.map((satu) => html`<tr><td>${label(satu)}${tahan(satu) ? " (ditahan)" : ""}</td><td class="kanan">${angka(satu.jumlah)}</td></tr>`)}</tbody></table>
    </details>
  </figure>`;
}

/** How the verification was done: hundreds in a minute were not looked at one by one. */
function Verifikasi({ semua }) {
  if (!semua.length) return null;
  return html`<div class="kartu">
    <h3>Cara verifikasi</h3>
    <div class="peran-deret">
      ${semua.map(
        ({ peran, orang, tercepat_menit, lekas, serentak }) => html`<dl class="peran">
          <div class="peran-nama"><dt>${peran}</dt><dd>${angka(orang)} orang</dd></div>
          <div><dt>tercepat sesudah dibaca</dt><dd>${tercepat_menit === null ? "–" : `${angka(tercepat_menit)} menit`}</dd></div>
          <div><dt>dalam 5 menit sesudah dibaca</dt><dd class=${lekas ? "teks-awas" : ""}>${angka(lekas)}</dd></div>
          <div><dt>terbanyak dalam 1 menit, satu orang</dt><dd class=${serentak >= SERENTAK ? "teks-awas" : ""}>${angka(serentak)}</dd></div>
        </dl>`,
      )}
    </div>
    <p class="redup kecil">Ratusan dalam satu menit berarti tidak dilihat satu per satu.</p>
  </div>`;
}
