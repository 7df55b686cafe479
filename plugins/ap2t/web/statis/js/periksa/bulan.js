// A customer's months: bars of kWh with the hours above them, and the same as a table.
// Drawn here: 25 bars are less than any library for charts, which would be fetched at every first look.

import { html } from "../../pustaka/preact.js";
import { angka } from "../angka.js";
import { bulan as namaBulan, lengkap } from "../waktu.js";

const LEBAR = 560;
const TINGGI = 120;
const BANYAK = 25; // this month and 24 before it

const pendek = (thblrek) => namaBulan(thblrek).replace(/^(\p{L}{3})\p{L}* \d\d(\d\d)$/u, "$1 $2");
const taksir = ({ cara_baca }) => String(cara_baca ?? "").toUpperCase() === "TAKSIR";

/** The month a number of months before one. */
function mundur(thblrek, sekian) {
  const ke = Number(thblrek.slice(0, 4)) * 12 + Number(thblrek.slice(4)) - 1 - sekian;
  return `${Math.floor(ke / 12)}${String((ke % 12) + 1).padStart(2, "0")}`;
}

/** The last 25 months, and what is not known left open. `kini`: this month's. */
export function GrafikBulan({ semua, kini }) {
  const ada = new Map([...semua, kini].map((satu) => [satu.thblrek, satu]));
  const deret = Array.from({ length: BANYAK }, (_, ke) => mundur(kini.thblrek, BANYAK - 1 - ke));
  const puncak = (kolom) => Math.max(1, ...[...ada.values()].map((satu) => Number(satu[kolom]) || 0));
  const [puncakKwh, puncakJam] = [puncak("kwh"), puncak("jam_nyala")];
  const langkah = LEBAR / BANYAK;
  const tahunLalu = mundur(kini.thblrek, 12);
  const titik = deret.flatMap((thblrek, ke) => (Number.isFinite(Number(ada.get(thblrek)?.jam_nyala ?? NaN)) ? [[ke * langkah + langkah / 2, 14 + TINGGI - (Number(ada.get(thblrek).jam_nyala) / puncakJam) * TINGGI]] : []));
  const setahun = ada.get(tahunLalu);
  return html`<figure class="grafik-bulan">
    <figcaption class="redup kecil">kWh (batang) dan jam nyala (garis). Berongga: taksir. Bergaris tebal: bulan yang sama tahun lalu${setahun ? ` (${angka(setahun.kwh)} kWh)` : ""}.</figcaption>
    <svg viewBox=${`0 0 ${LEBAR} ${TINGGI + 34}`} role="img" aria-label=${`kWh dan jam nyala ${ada.size} bulan sampai ${namaBulan(kini.thblrek)}: kini ${angka(kini.kwh)} kWh${setahun ? `, setahun lalu ${angka(setahun.kwh)}` : ""}. Angkanya ada pada tabel di bawah.`}>
      ${deret.map((thblrek, ke) => {
        const satu = ada.get(thblrek);
        const tinggi = Math.max(0, (Number(satu?.kwh ?? 0) / puncakKwh) * TINGGI) || 0;
        const kelas = ["bulan", thblrek === kini.thblrek && "bulan-kini", thblrek === tahunLalu && "bulan-setahun", satu && taksir(satu) && "bulan-taksir"].filter(Boolean).join(" ");
        return html`<g class=${kelas}>
          ${satu && html`<rect x=${ke * langkah + 2} y=${14 + TINGGI - tinggi} width=${langkah - 4} height=${Math.max(tinggi, 1)} rx="1.5"><title>${namaBulan(thblrek)}: ${angka(satu.kwh)} kWh, ${angka(satu.jam_nyala, 1)} jam${taksir(satu) ? ", taksir" : ""}</title></rect>`}
          ${(BANYAK - 1 - ke) % 4 === 0 && html`<text x=${Math.max(20, Math.min(LEBAR - 20, ke * langkah + langkah / 2))} y=${TINGGI + 28}>${pendek(thblrek)}</text>`}
        </g>`;
      })}
      <polyline class="garis-jam" points=${titik.map((satu) => satu.map((nilai) => nilai.toFixed(1)).join()).join(" ")} />
      <text class="puncak" x="0" y="10">${angka(String(Math.round(puncakKwh)), 0)} kWh</text>
      <text class="puncak puncak-jam" x=${LEBAR} y="10">${angka(String(Math.round(puncakJam)), 0)} jam</text>
    </svg>
  </figure>`;
}

/** The months as a table, the newest first. */
export function TabelBulan({ semua, zona }) {
  return html`<div class="tabel-wadah"><table class="tabel tabel-kecil tabel-bulan">
    <thead><tr><th scope="col">Bulan</th><th scope="col" class="kanan">Stan akhir</th><th scope="col" class="kanan">kWh</th><th scope="col" class="kanan">Jam nyala</th><th scope="col">Cara, kode, kelainan</th><th scope="col">Dibaca</th></tr></thead>
    <tbody>${[...semua].reverse().map(
      (satu) => html`<tr><th scope="row">${namaBulan(satu.thblrek)}</th>
        <td class="kanan">${angka(satu.sahlwbp)}${satu.sahwbp !== null && html`<div class="redup kecil">WBP ${angka(satu.sahwbp)}</div>`}</td>
        <td class="kanan">${angka(satu.kwh)}</td><td class="kanan">${angka(satu.jam_nyala, 1)}</td>
        <td>${[satu.cara_baca, satu.kode_baca, satu.kelainan].filter(Boolean).join(" · ") || "–"}${satu.menurut === "BUKU" && html`<div class="redup kecil">menurut buku</div>`}</td>
        <td>${satu.petugas_baca ?? ""} ${satu.tgl_baca && html`<span class="redup kecil">${lengkap(satu.tgl_baca, zona)}</span>`}</td></tr>`,
    )}</tbody>
  </table></div>`;
}
