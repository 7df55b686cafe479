// What a cancellation would undo: of which rounds, why, and who cannot go.

import { html, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { ambil } from "../api.js";
import { useJajak } from "../jajak.js";
import { HASIL, kata, terbuka } from "../kata.js";
import { Cap, Figur, Galat, Halaman, Pesan, Rangka } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { tautan } from "../rute.js";

/** The rekap of a cancellation. */
export function RekapBatal({ data }) {
  const { rekap } = data;
  if (!rekap?.hasil) return null;
  const { hasil } = rekap;
  return html`<section class="rekap" aria-label="Rekap pembatalan">
    ${rekap.alasan_teks && html`<${Pesan} ikon="batal" judul="Alasan pembatalan"><p>${rekap.alasan_teks}</p><//>`}
    <dl class="figur-deret">
      <${Figur} nama="Akan dibatalkan" nada="utama" kecil=${`${angka(hasil.kwh_lolos)} kWh`}>${angka(hasil.lolos)}<//>
      <${Figur} nama="Tidak dapat dibatalkan" nada=${hasil.ditahan ? "awas" : undefined}>${angka(hasil.ditahan)}<//>
      <${Figur} nama="Cakupan" kecil=${rekap.cakupan === "semua" ? "yang sudah disahkan" : "idpel yang ditulis"}>${rekap.cakupan === "semua" ? "Semua" : "Daftar"}<//>
    </dl>
    <${AsalDanSebab} putaran=${rekap.putaran} tidak=${rekap.alasan} />
    <${Daftar} data=${data} />
  </section>`;
}

/** The approvals undone, and why others cannot be. */
export function AsalDanSebab({ putaran, tidak }) {
  const { unit, thblrek } = useKonteks();
  return html`<div class="dua-kartu">
    ${putaran?.length > 0 &&
    html`<div class="kartu"><h3>Pengesahan yang dibatalkan</h3><ul class="hitungan">
      ${putaran.map((p) => html`<li><span>${p.nomor ? html`<a class="tautan" href=${tautan(unit.unitup, thblrek, "sesi", p.nomor)}>putaran ${p.putaran}</a> <small class="nomor">${p.nomor}</small>` : "di luar sistem ini"}</span><b>${angka(p.jumlah)}</b></li>`)}
    </ul></div>`}
    ${tidak?.length > 0 &&
    html`<div class="kartu"><h3>Tidak dapat dibatalkan</h3><ul class="hitungan">
      ${tidak.map((t) => html`<li><span>${t.sebab ?? t.nama ?? kata(t.kode)}${t.contoh?.length > 0 && html`<small class="nomor">${t.contoh.slice(0, 5).join(", ")}${t.jumlah > 5 ? ", …" : ""}</small>`}</span><b>${angka(t.jumlah)}</b></li>`)}
    </ul></div>`}
  </div>`;
}

const UKURAN = 25;

function Daftar({ data: { sesi, rekap } }) {
  const [halaman, setHalaman] = useState(1);
  const jalan = `sesi/${encodeURIComponent(sesi.nomor)}/baris`;
  const kueri = { saring: "batal", halaman, ukuran: UKURAN };
  const { data, galat, memuat, segarkan } = useJajak(`${jalan}:${halaman}`, (sinyal) => ambil(jalan, { kueri, sinyal }));
  return html`<details class="rincian"><summary>Daftar yang ${terbuka(sesi) ? "akan " : ""}dibatalkan (${sekian(rekap.hasil.lolos)})</summary>
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${memuat && html`<${Rangka} />`}
    ${data &&
    html`<div class="tabel-wadah"><table class="tabel tabel-kartu" role="table" aria-label="Pelanggan pembatalan">
      <thead role="rowgroup"><tr role="row">${["Pelanggan", "No. pengesahan", "kWh", "Dapat dibatalkan"].map((n, i) => html`<th role="columnheader" scope="col" class=${i === 2 ? "kanan" : ""}>${n}</th>`)}</tr></thead>
      <tbody role="rowgroup">${data.baris.map(
        (b) => html`<tr role="row" key=${b.idpel}>
          <th role="rowheader" scope="row"><span class="idpel">${b.idpel}</span><div class="nama">${b.nama ?? ""}</div></th>
          <td role="cell" data-nama="No. pengesahan"><span class="nomor kecil">${b.no_pengesahan ?? "–"}</span></td>
          <td role="cell" class="kanan" data-nama="kWh">${angka(b.kwh)}</td>
          <td role="cell" data-nama="Dapat dibatalkan">${!terbuka(sesi) && b.hasil && HASIL[b.hasil] ? html`<${Cap} nada=${HASIL[b.hasil][1]}>${HASIL[b.hasil][0]}<//>` : b.boleh ? html`<${Cap} nada="baik" ikon="setuju">ya<//>` : html`<${Cap} nada="awas">${kata(b.sebab)}<//>`}</td>
        </tr>`,
      )}</tbody></table></div>
      <${Halaman} jumlah=${data.jumlah} halaman=${halaman} ukuran=${UKURAN} ke=${setHalaman} />`}
  </details>`;
}
