// How far a kelompok is: four small bars, in the order of the procedure, and where it is stuck in words.

import { html } from "../../pustaka/preact.js";
import { angka } from "../angka.js";
import { Suara } from "../komponen.js";

const TAHAP = [
  ["terisi", "Terbaca", "belum dibaca"],
  ["terverifikasi", "Terverifikasi", "belum terverifikasi"],
  ["terkirim", "Terkirim", "belum terkirim"],
  ["sah", "Disahkan", "belum disahkan"],
];

/** Approved, or lifted further: both are past the last stage. */
export function sudah(baris) {
  return (baris.sudah_disahkan ?? 0) + (baris.suplai_stan ?? 0);
}

function nilai(baris, kunci) {
  return kunci === "sah" ? sudah(baris) : baris[kunci];
}

/**
 * The first stage that not everybody has passed; null: all have. Where ACMT was not seen yet nothing can be said, and a
 * kelompok without customers (its reading has not begun) is not done.
 */
export function macet(baris) {
  if (baris.pelanggan === null) return { kunci: "belum", jumlah: null, kalimat: "belum dilihat di ACMT" };
  if (!baris.pelanggan && !sudah(baris)) return { kunci: "kosong", jumlah: 0, kalimat: "belum ada pelanggan di ACMT" };
  for (const [kunci, , belum] of TAHAP) {
    const n = nilai(baris, kunci);
    if (n === null || n === undefined) continue;
    if (n < baris.pelanggan) return { kunci, jumlah: baris.pelanggan - n, kalimat: `${angka(baris.pelanggan - n)} ${belum}` };
  }
  return null;
}

function persen(n, dari) {
  if (!dari) return 0;
  return n >= dari ? 100 : Math.min(94, Math.max(n > 0 ? 4 : 0, (n / dari) * 100)); // a few that are missing are seen
}

/** The four bars of a row of the rekap. */
export function Tahap({ baris, kalimat = true }) {
  const henti = macet(baris);
  const ringkas = TAHAP.map(([kunci, nama]) => {
    const n = nilai(baris, kunci);
    return `${nama} ${n === null || n === undefined ? "belum dilihat" : angka(n)}`;
  }).join(", ");
  return html`<div class="tahap">
    <div class="tahap-batang" aria-hidden="true">
      ${TAHAP.map(([kunci, nama]) => {
        const n = nilai(baris, kunci);
        const tahu = n !== null && n !== undefined;
        return html`<span class=${`tahap-satu tahap-${kunci}`} title=${`${nama}: ${tahu ? `${angka(n)} dari ${angka(baris.pelanggan)}` : "belum dilihat"}`}>
          <span class="tahap-isi" style=${{ width: `${tahu && baris.pelanggan ? persen(n, baris.pelanggan) : 0}%` }} />
        </span>`;
      })}
    </div>
    <${Suara}>${ringkas}, ${baris.pelanggan === null ? "" : `dari ${angka(baris.pelanggan)} pelanggan.`}<//>
    ${kalimat && html`<div class="tahap-kalimat">${henti === null ? "semua sudah disahkan" : henti.kalimat}</div>`}
  </div>`;
}

/** What the bars mean. */
export function Keterangan() {
  return html`<ul class="tahap-ket" aria-label="Arti batang kemajuan">
    ${TAHAP.map(([kunci, nama]) => html`<li><span class=${`tahap-contoh tahap-${kunci}`} aria-hidden="true"><span class="tahap-isi" style=${{ width: "100%" }} /></span>${nama}</li>`)}
  </ul>`;
}
