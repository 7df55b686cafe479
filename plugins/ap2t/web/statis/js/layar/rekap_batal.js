// What a cancellation would undo: of which rounds, why, and who cannot go.

import { html, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { useAmbil } from "../jajak.js";
import { kata, terbuka } from "../kata.js";
import { Cap, CapSebut, Figur, Galat, Halaman, Pesan, Rangka, Tabel } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { tautan } from "../rute.js";

/** The rekap of a cancellation. */
export function RekapBatal({ data }) {
  const { sesi, rekap } = data;
  if (!rekap?.hasil) return null;
  const { hasil } = rekap;
  return html`<section class="rekap" aria-label="Rekap pembatalan">
    ${rekap.alasan_teks && html`<${Pesan} ikon="batal" judul="Alasan pembatalan"><p>${rekap.alasan_teks}</p><//>`}
    <dl class="figur-deret">
      <${Figur} nama=${terbuka(sesi) ? "Akan dibatalkan" : "Dapat dibatalkan"} nada="utama" kecil=${`${angka(hasil.kwh_lolos)} kWh`}>${angka(hasil.lolos)}<//>
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
      ${putaran.map(({ nomor, putaran: ke, jumlah }) => html`<li><span>${nomor ? html`<a class="tautan" href=${tautan(unit.unitup, thblrek, "sesi", nomor)}>putaran ${ke}</a> <small class="nomor">${nomor}</small>` : "di luar sistem ini"}</span><b>${angka(jumlah)}</b></li>`)}
    </ul></div>`}
    ${tidak?.length > 0 &&
    html`<div class="kartu"><h3>Tidak dapat dibatalkan</h3><ul class="hitungan">
      ${tidak.map(({ sebab, nama, contoh, jumlah }) => html`<li><span>${sebab ?? nama}${contoh?.length > 0 && html`<small class="nomor">${contoh.slice(0, 5).join(", ")}${jumlah > 5 ? ", …" : ""}</small>`}</span><b>${angka(jumlah)}</b></li>`)}
    </ul></div>`}
  </div>`;
}

const UKURAN = 25;

function Daftar({ data: { sesi, rekap } }) {
  const [halaman, setHalaman] = useState(1);
  const kueri = { saring: "batal", halaman, ukuran: UKURAN };
  const { data, galat, memuat, segarkan } = useAmbil(`sesi/${encodeURIComponent(sesi.nomor)}/baris`, { kueri });
  return html`<details class="rincian"><summary>Daftar yang ${terbuka(sesi) ? "akan " : ""}dibatalkan (${sekian(rekap.hasil.lolos)})</summary>
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${memuat && html`<${Rangka} />`}
    ${data &&
    html`<${Tabel} nama="Pelanggan pembatalan" kolom=${[["Pelanggan"], ["No. pengesahan"], ["kWh", "kanan"], ["Dapat dibatalkan"]]}>
      ${data.baris.map(
        (baris) => html`<tr role="row" key=${baris.idpel}>
          <th role="rowheader" scope="row"><span class="idpel">${baris.idpel}</span><div class="nama">${baris.nama ?? ""}</div></th>
          <td role="cell" data-nama="No. pengesahan"><span class="nomor kecil">${baris.no_pengesahan ?? "–"}</span></td>
          <td role="cell" class="kanan" data-nama="kWh">${angka(baris.kwh)}</td>
          <td role="cell" data-nama="Dapat dibatalkan"><${DapatDibatalkan} baris=${baris} hasil=${terbuka(sesi) ? null : baris.hasil} /></td>
        </tr>`,
      )}<//>
      <${Halaman} jumlah=${data.jumlah} halaman=${halaman} ukuran=${UKURAN} ke=${setHalaman} />`}
  </details>`;
}

function DapatDibatalkan({ baris, hasil }) {
  if (hasil) return html`<${CapSebut} jenis="hasil" kode=${hasil} />`;
  return baris.boleh ? html`<${Cap} nada="baik" ikon="setuju">ya<//>` : html`<${Cap} nada="awas">${kata(baris.sebab)}<//>`;
}
