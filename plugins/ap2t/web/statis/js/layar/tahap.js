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
    const lewat = nilai(baris, kunci);
    if (lewat < baris.pelanggan && lewat !== null) return { kunci, jumlah: baris.pelanggan - lewat, kalimat: `${angka(baris.pelanggan - lewat)} ${belum}` };
  }
  return null;
}

function persen(jumlah, dari) {
  if (!dari) return 0;
  return jumlah >= dari ? 100 : Math.min(94, Math.max(jumlah > 0 ? 4 : 0, (jumlah / dari) * 100)); // a few that are missing are seen
}

/** The four bars of a row of the rekap. */
export function Tahap({ baris, kalimat = true }) {
  const henti = macet(baris);
  const isi = TAHAP.map(([kunci, nama]) => ({ kunci, nama, lewat: nilai(baris, kunci) ?? null }));
  const ringkas = isi.map(({ nama, lewat }) => `${nama} ${lewat === null ? "belum dilihat" : angka(lewat)}`).join(", ");
  return html`<div class="tahap">
    <div class="tahap-batang" aria-hidden="true">
      ${isi.map(
        ({ kunci, nama, lewat }) => html`<span class=${`tahap-satu tahap-${kunci}`} title=${`${nama}: ${lewat === null ? "belum dilihat" : `${angka(lewat)} dari ${angka(baris.pelanggan)}`}`}>
          <span class="tahap-isi" style=${{ width: `${persen(lewat ?? 0, baris.pelanggan)}%` }} />
        </span>`,
      )}
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
