// Home: every kelompok of a unit and month, and beside it the one that is looked at.

import { html, useEffect, useRef, useState } from "../../pustaka/preact.js";
import { angka } from "../angka.js";
import { ambil } from "../api.js";
import { useDetak, useJajak } from "../jajak.js";
import { STATUS_SESI, terbuka } from "../kata.js";
import { Cap, Figur, Galat, Ikon, Kosong, Pesan, Rangka, Suara } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { tautan } from "../rute.js";
import { bulan, hari, hariIni, jam, sejak } from "../waktu.js";
import { PanelKelompok } from "./panel.js";
import { Keterangan, Tahap, macet, sudah } from "./tahap.js";

const SARING = [
  ["semua", "Semua", () => true],
  ["saya", "Menunggu Anda", (b) => Boolean(b.sesi?.giliran_saya)],
  ["buka", "Sedang berjalan", (b) => terbuka(b.sesi)],
  ["belum", "Belum selesai", (b) => macet(b) !== null],
];

/** The list, and the panel of the kelompok in the address. */
export function LayarKelompok({ rute }) {
  const { unit, thblrek } = useKonteks();
  const jalan = `unit/${unit.unitup}/${thblrek}/kelompok`;
  const { data, galat, memuat, segarkan } = useJajak(jalan, (sinyal) => ambil(jalan, { sinyal }), rute.kode ? 4000 : 3000);
  useSiaran(data);
  const baris = data?.baris ?? [];
  const terpilih = rute.kode ? baris.find((b) => b.hari_baca === rute.kode) : null;
  return html`<div class=${rute.kode ? "dua-kolom" : "satu-kolom"}>
    <section class="kolom-daftar" aria-labelledby="judul-kelompok">
      <div class="kepala-layar">
        <h1 class="judul" id="judul-kelompok" tabindex="-1">Kelompok hari baca<span class="judul-kecil">${unit.nama ?? unit.unitup} · ${bulan(thblrek)}</span></h1>
      </div>
      <${Galat} galat=${galat} ulangi=${segarkan} judul=${data ? "Daftar belum dapat diperbarui" : undefined} />
      ${data?.galat_acmt && html`<${Pesan} nada="awas" judul="ACMT tidak menjawab"><p>${data.galat_acmt}</p><//>`}
      ${memuat && html`<${Rangka} baris=${8} apa="Memuat kelompok" />`}
      ${data && html`<${Daftar} data=${data} pilihan=${rute.kode} />`}
    </section>
    ${rute.kode &&
    html`<section class="kolom-panel" aria-label=${`Kelompok ${rute.kode}`}>
      ${data
        ? terpilih
          ? html`<${PanelKelompok} key=${`${unit.unitup}/${thblrek}/${rute.kode}`} baris=${terpilih} semua=${baris} nomor=${rute.nomor} segarkan=${segarkan} />`
          : html`<${Pesan} nada="awas" judul=${`Kelompok ${rute.kode} tidak ada`}><p>Bulan ini tidak memuat kelompok itu untuk unit ${unit.unitup}. <a class="tautan" href=${tautan(unit.unitup, thblrek)}>Lihat semua kelompok</a></p><//>`
        : html`<${Rangka} baris=${5} />`}
    </section>`}
  </div>`;
}

/** Tell those who listen when it becomes their turn, or a session ends; not every figure that moves. */
function useSiaran(data) {
  const lama = useRef(null);
  useEffect(() => {
    if (!data) return;
    const kini = Object.fromEntries(data.baris.map((b) => [b.hari_baca, b.sesi ? `${b.sesi.nomor}:${b.sesi.status}:${b.sesi.giliran_saya}` : ""]));
    if (lama.current) {
      const kabar = data.baris.filter((b) => b.sesi && kini[b.hari_baca] !== lama.current[b.hari_baca]).map(kabarSesi);
      if (kabar.filter(Boolean).length) umumkan(kabar.filter(Boolean).join(" "));
    }
    lama.current = kini;
  }, [data]);
}

function kabarSesi(b) {
  if (b.sesi.giliran_saya) return `Kelompok ${b.hari_baca} menunggu jawaban Anda.`;
  if (!terbuka(b.sesi)) return `Kelompok ${b.hari_baca}: ${(STATUS_SESI[b.sesi.status] ?? [b.sesi.status])[0]}.`;
  return b.sesi.status === "TERHENTI" ? `Kelompok ${b.hari_baca} terhenti.` : "";
}

function Daftar({ data, pilihan }) {
  const { thblrek, bertindak } = useKonteks();
  const [saring, setSaring] = useState("semua");
  const { baris, jumlah } = data;
  if (!baris.length) {
    return html`<${Kosong} judul=${`Belum ada kelompok untuk ${bulan(thblrek)}`} ikon="jam">
      Kalender baca ACMT belum memuat bulan ini. Pilih bulan lain di atas, atau hubungi pengelola ACMT.
    <//>`;
  }
  const cocok = Object.fromEntries(SARING.map(([kunci, , uji]) => [kunci, baris.filter(uji)]));
  const giliran = cocok.saya;
  return html`
    ${!pilihan && html`<${Jumlah} jumlah=${jumlah} giliran=${giliran.length} />`}
    ${bertindak && giliran.length > 0 && html`<${Giliran} baris=${giliran} pilihan=${pilihan} />`}
    <div class="alat">
      <div class="pilihan" role="group" aria-label="Saring kelompok">
        ${SARING.filter(([kunci]) => kunci !== "saya" || bertindak).map(
          ([kunci, nama]) =>
            html`<button type="button" aria-pressed=${saring === kunci} onClick=${() => setSaring(kunci)}>${nama} <span class="hitung">${cocok[kunci].length}</span></button>`,
        )}
      </div>
      ${!pilihan && html`<${Keterangan} />`}
    </div>
    ${cocok[saring].length
      ? html`<${Tabel} baris=${cocok[saring]} pilihan=${pilihan} />`
      : html`<${Kosong} judul="Tidak ada kelompok seperti itu"><button type="button" class="tombol" onClick=${() => setSaring("semua")}>Tampilkan semua</button><//>`}
  `;
}

function Jumlah({ jumlah, giliran }) {
  const { bertindak } = useKonteks();
  return html`<dl class="figur-deret">
    <${Figur} nama="Belum disahkan">${angka(jumlah.belum_disahkan)}<//>
    <${Figur} nama="Sudah disahkan" nada="baik" kecil=${`${angka(jumlah.kwh_disahkan, 0)} kWh`}>${angka(sudah(jumlah))}<//>
    <${Figur} nama="Jam nyala > 2000" nada=${jumlah.jam_nyala_2000 ? "awas" : undefined}>${angka(jumlah.jam_nyala_2000)}<//>
    ${bertindak
      ? html`<${Figur} nama="Menunggu Anda" nada=${giliran ? "tunggu" : undefined} kecil="kelompok">${giliran}<//>`
      : html`<${Figur} nama="Pelanggan">${angka(jumlah.pelanggan)}<//>`}
  </dl>`;
}

/** The kelompok that wait for this person, one click each. */
function Giliran({ baris, pilihan }) {
  const { unit, thblrek } = useKonteks();
  return html`<nav class="giliran" aria-label="Menunggu jawaban Anda">
    <span class="giliran-kata"><${Ikon} nama="awas" />Menunggu jawaban Anda</span>
    <ul>
      ${baris.map(
        (b) => html`<li><a class="giliran-satu" href=${tautan(unit.unitup, thblrek, b.hari_baca)} aria-current=${b.hari_baca === pilihan ? "page" : undefined}>
          <${Suara}>Kelompok <//><b>${b.hari_baca}</b><${Suara}>, ${b.sesi.jenis === "PEMBATALAN" ? "pembatalan" : "pengesahan"}, <//><span>${b.sesi.jenis === "PEMBATALAN" ? "pembatalan" : `${angka(b.belum_disahkan)} belum`}</span>
        </a></li>`,
      )}
    </ul>
  </nav>`;
}

const KOLOM = ["Kelompok", "Kemajuan", "> 2000 jam", "Belum disahkan", "Sudah disahkan", "Keadaan"];

function Tabel({ baris, pilihan }) {
  const { unit, thblrek } = useKonteks();
  useDetak(30_000);
  return html`<div class="tabel-wadah">
    <table class="tabel tabel-kartu tabel-kelompok" role="table" aria-label="Kelompok hari baca">
      <thead role="rowgroup">
        <tr role="row">
          ${KOLOM.map((nama, i) => html`<th role="columnheader" scope="col" class=${i >= 2 && i <= 4 ? "kanan" : ""}>${nama}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${baris.map((b) => html`<${Baris} key=${b.hari_baca} b=${b} terpilih=${b.hari_baca === pilihan} tujuan=${tautan(unit.unitup, thblrek, b.hari_baca)} />`)}
      </tbody>
    </table>
  </div>`;
}

function Baris({ b, terpilih, tujuan }) {
  const { unit } = useKonteks();
  const kini = hariIni(b.tgl_mulai, unit.zona_waktu);
  return html`<tr role="row" class=${`baris-kelompok${terpilih ? " terpilih" : ""}${b.sesi?.giliran_saya ? " giliran-saya" : ""}`}>
    <th role="rowheader" scope="row" class="sel-kelompok">
      <a class="kelompok-tautan" href=${tujuan} aria-current=${terpilih ? "page" : undefined}>
        <span class="ubin" aria-hidden="true">${b.hari_baca}</span>
        <span><${Suara}>Kelompok ${b.hari_baca}, <//><span class="kelompok-hari">${hari(b.tgl_mulai)}</span>${kini && html`<span class="hari-ini">hari ini</span>`}${b.putaran > 1 && html`<span class="redup kecil">putaran ${b.putaran}</span>`}</span>
      </a>
    </th>
    <td role="cell" class="sel-tahap"><${Tahap} baris=${b} />${b.kalender_beda && html`<div class="kecil teks-awas">${b.kalender_beda}</div>`}</td>
    <td role="cell" class="kanan sel-2000" data-nama="> 2000 jam">${b.jam_nyala_2000 === null ? "–" : b.jam_nyala_2000 ? html`<span class="teks-awas tebal">${angka(b.jam_nyala_2000)}</span>` : html`<span class="redup">0</span>`}</td>
    <td role="cell" class="kanan angka-besar sel-belum" data-nama="Belum disahkan" data-singkat="Belum">${angka(b.belum_disahkan)}${b.dibatalkan > 0 && html`<small>${angka(b.dibatalkan)} dibatalkan</small>`}</td>
    <td role="cell" class=${`kanan angka-besar sel-sudah${sudah(b) ? "" : " sel-nol"}`} data-nama="Sudah disahkan" data-singkat="Sudah">${angka(sudah(b))}${b.suplai_stan > 0 && html`<small>${angka(b.suplai_stan)} suplai stan</small>`}</td>
    <td role="cell" class="sel-keadaan"><${Keadaan} b=${b} /></td>
  </tr>`;
}

/** Due, and nothing has begun: the schedule waits for what is missing. */
function JatuhTempo({ b, kurang }) {
  return html`<${Cap} nada=${b.terlambat ? "buruk" : "awas"} ikon="jam">${b.pelanggan ? "Jatuh tempo, belum lengkap" : "Jatuh tempo, belum ada bacaan"}<//>
    <div class="redup kecil">${kurang}<br />sejak ${hari(b.jatuh_tempo)}${b.terlambat && html`, <span class="teks-awas tebal">lewat tenggat</span>`}</div>`;
}

/** The session of a kelompok in a chip and a line. */
export function Keadaan({ b }) {
  const { zona } = useKonteks();
  const s = b.sesi;
  if (!s || !terbuka(s)) {
    const henti = macet(b);
    if (henti === null) return html`<${Cap} nada="baik" ikon="setuju">Selesai<//>`;
    if (b.terlambat !== null && henti.kunci !== "sah" && henti.kunci !== "belum") return html`<${JatuhTempo} b=${b} kurang=${henti.kalimat} />`;
    if (henti.kunci === "belum") return html`<${Cap}>Belum diketahui<//>`;
    if (henti.kunci === "kosong") return html`<${Cap}>Belum ada bacaan<//>`;
    if (s && s.status === "DITOLAK") return html`<${Cap} nada="awas">Ditolak<//><div class="redup kecil">${b.hari_baca} dapat dimulai lagi</div>`;
    if (sudah(b) > 0) return html`<${Cap} nada="netral">Sebagian disahkan<//>`;
    if (henti.kunci === "sah") return html`<${Cap} nada="jalan">Siap dimulai<//>`;
    return html`<${Cap} nada="netral">Belum siap<//>`;
  }
  const apa = s.jenis === "PEMBATALAN" ? "Pembatalan" : null;
  if (s.status === "TERHENTI") return html`<${Cap} nada="buruk" ikon="awas">${apa ? "Pembatalan terhenti" : "Terhenti"}<//><div class="redup kecil">${s.langkah}</div>`;
  if (s.ditanya?.length) {
    return html`<${Cap} nada="tunggu" ikon="orang">${s.giliran_saya ? "Menunggu Anda" : apa ? "Pembatalan ditanyakan" : "Menunggu jawaban"}<//>
      <div class="redup kecil">${s.ditanya.join(", ")}<br />sejak ${jam(s.ditanya_sejak, zona)} (${sejak(s.ditanya_sejak)})${s.tenggat && html`<br />tenggat ${jam(s.tenggat, zona)}`}</div>`;
  }
  return html`<${Cap} nada="jalan">${apa ?? "Berjalan"}<//><div class="redup kecil">${s.langkah}</div>`;
}
