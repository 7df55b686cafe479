// What an approval comes to: kWh beside last month and last year, who moved most, what the energy costs by estimate.

import { html, useState } from "../../pustaka/preact.js";
import { angka, perubahan, sekian } from "../angka.js";
import { useAmbil } from "../jajak.js";
import { kata } from "../kata.js";
import { Figur, Galat, Pesan, Rangka, Tabel } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { tautan } from "../rute.js";
import { bulan } from "../waktu.js";
import { Perubahan } from "./baris.js";

/** The effect of an approval, fetched once it is opened. */
export function Akibat({ nomor }) {
  const [dibuka, setDibuka] = useState(false);
  const { data, galat, memuat, segarkan } = useAmbil(dibuka ? `sesi/${encodeURIComponent(nomor)}/akibat` : null);
  return html`<details class="rincian" onToggle=${({ currentTarget }) => currentTarget.open && setDibuka(true)}>
    <summary>Akibat: terhadap bulan lalu, tahun lalu, dan perkiraan rupiah</summary>
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${memuat && html`<${Rangka} baris=${3} apa="Menghitung akibat" />`}
    ${data?.akibat?.jumlah && html`<${Isi} akibat=${data.akibat} />`}
  </details>`;
}

function Isi({ akibat }) {
  const { jumlah, rupiah, golongan, gerak } = akibat;
  const gerakan = [["Naik terbanyak", gerak.filter(({ naik }) => naik)], ["Turun terbanyak", gerak.filter(({ naik }) => !naik)]];
  return html`<div class="akibat-isi">
    ${akibat.galat.map((kalimat) => html`<${Pesan} nada="awas" peran="status"><p>${kalimat}</p><//>`)}
    <dl class="figur-deret">
      <${Banding} nama=${`Terhadap ${bulan(akibat.bulan_lalu)}`} isi=${jumlah} awal="lalu" />
      <${Banding} nama=${`Terhadap ${bulan(akibat.tahun_lalu)}`} isi=${jumlah} awal="tahun" />
      <${Figur} nama="Rata-rata per pelanggan" kecil=${rataLalu(jumlah)}>${angka(jumlah.rata, 1)} kWh<//>
      ${rupiah && html`<${Figur} nama="Perkiraan bagian energi" kecil=${`${sekian(rupiah.rupiah_pelanggan)} yang harganya diketahui`}>Rp ${angka(rupiah.rupiah, 0)}<//>
        <${Figur} nama="Perkiraan terhadap bulan lalu" kecil=${`dari Rp ${angka(rupiah.banding_lalu, 0)}, ${sekian(rupiah.banding_pelanggan)}`}>${perubahan(rupiah.banding_kini, rupiah.banding_lalu)?.teks ?? "–"}<//>
        <${Figur} nama=${`Perkiraan naik lebih dari ${akibat.kenaikan} %`} nada=${rupiah.naik ? "awas" : undefined} kecil=${akibat.taksir_dikenal ? `pelanggan; ${angka(rupiah.naik_taksir)} di antaranya ditaksir bulan lalu` : "pelanggan; cara baca bulan lalu tidak diketahui"}>${angka(rupiah.naik)}<//>`}
    </dl>
    ${rupiah && html`<p class="redup kecil">Rupiah di sini perkiraan, bukan tagihan; tidak dikirim ke mana pun.</p>`}
    <div class="dua-kartu">${gerakan.map(([nama, baris]) => baris.length > 0 && html`<${Gerak} nama=${nama} baris=${baris} />`)}</div>
    <${Golongan} nama="Menurut tanda" apa="Tanda" baris=${golongan.tanda} sebut=${kata} kosong="tanpa tanda"><p class="redup kecil">Pelanggan dengan dua tanda dihitung pada keduanya.</p><//>
    <${Golongan} nama="Menurut tarif" apa="Tarif" baris=${golongan.tarif} kosong="tanpa tarif" />
    <${Golongan} nama="Menurut petugas baca" apa="Petugas baca" baris=${golongan.petugas_baca} kosong="tanpa petugas" />
  </div>`;
}

/** The sum beside that of another month, of the customers whose kWh is known then. */
function Banding({ nama, isi, awal }) {
  const [banyak, kini, dulu] = ["pelanggan", "kini", "kwh"].map((kolom) => isi[`${awal}_${kolom}`]);
  return html`<${Figur} nama=${nama} kecil=${banyak ? `${angka(dulu)} → ${angka(kini)} kWh, ${sekian(banyak)}` : "tidak diketahui"}>${perubahan(kini, dulu)?.teks ?? "–"}<//>`;
}

function rataLalu({ lalu_rata, tahun_rata }) {
  return [["bulan lalu", lalu_rata], ["tahun lalu", tahun_rata]].filter(([, nilai]) => nilai !== null).map(([kapan, nilai]) => `${kapan} ${angka(nilai, 1)}`).join(" · ");
}

/** Whose kWh moved most. */
function Gerak({ nama, baris }) {
  const { unit, thblrek } = useKonteks();
  return html`<div class="kartu"><h3>${nama}</h3><ul class="hitungan">
    ${baris.map((satu) => html`<li key=${satu.idpel}><span><a class="idpel" href=${tautan(unit.unitup, thblrek, "pelanggan", satu.idpel)}>${satu.idpel}</a> ${satu.nama ?? ""}
      <small>${[satu.tarif, satu.daya && `${angka(satu.daya, 0)} VA`].filter(Boolean).join(" · ")}</small></span>
      <span class="gerak">${angka(satu.kwh_lalu)} → <b>${angka(satu.kwh)}</b> kWh<${Perubahan} kini=${satu.kwh} lalu=${satu.kwh_lalu} /></span></li>`)}
  </ul></div>`;
}

const KOLOM = [["Pelanggan", "kanan"], ["kWh", "kanan"], ["Bulan lalu", "kanan"], ["Tahun lalu", "kanan"]];

/** kWh by what customers share. Children: what stands below. */
function Golongan({ nama, apa, baris, sebut = (nilai) => nilai, kosong, children }) {
  const sebutan = ({ nilai, lainnya, golongan }) => (lainnya ? `${angka(golongan)} lainnya` : nilai === null ? kosong : sebut(nilai));
  return html`<details class="rincian"><summary>${nama} <span class="hitung">${angka(baris.reduce((jumlah, { golongan }) => jumlah + golongan, 0))}</span></summary>
    <${Tabel} nama=${nama} kelas="tabel-kecil tabel-akibat" kolom=${[[apa], ...KOLOM]}>
      ${baris.map((satu) => html`<tr role="row"><th role="rowheader" scope="row">${sebutan(satu)}</th>
        <td role="cell" class="kanan" data-nama="Pelanggan">${angka(satu.pelanggan)}</td>
        <td role="cell" class="kanan" data-nama="kWh">${angka(satu.kwh)}</td>
        <td role="cell" class="kanan" data-nama="Bulan lalu"><${Dulu} satu=${satu} awal="lalu" /></td>
        <td role="cell" class="kanan" data-nama="Tahun lalu"><${Dulu} satu=${satu} awal="tahun" /></td></tr>`)}
    <//>
    ${children}
  </details>`;
}

function Dulu({ satu, awal }) {
  const [banyak, kini, dulu] = ["pelanggan", "kini", "kwh"].map((kolom) => satu[`${awal}_${kolom}`]);
  if (!banyak) return "–";
  return html`${angka(dulu)}<${Perubahan} kini=${kini} lalu=${dulu} />${banyak < satu.pelanggan && html` <small class="redup">(${sekian(banyak)})</small>`}`;
}
