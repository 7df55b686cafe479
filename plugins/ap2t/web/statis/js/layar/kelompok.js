// Home: every kelompok of a unit and month, and beside it the one that is looked at.

import { html, useEffect, useRef, useState } from "../../pustaka/preact.js";
import { angka } from "../angka.js";
import { useAmbil, useDetak } from "../jajak.js";
import { sebut, terbuka } from "../kata.js";
import { Cap, Figur, Galat, Ikon, KepalaLayar, Kosong, Pesan, Rangka, Suara, Tabel } from "../komponen.js";
import { judulTab, umumkan, useKonteks } from "../konteks.js";
import { tautan } from "../rute.js";
import { bulan, hari, hariIni, jam, sejak } from "../waktu.js";
import { MulaiBanyak } from "./mulai_banyak.js";
import { PanelKelompok } from "./panel.js";
import { Keterangan, Tahap, macet, sudah } from "./tahap.js";

const SARING = [
  ["semua", "Semua", () => true],
  ["saya", "Menunggu Anda", (baris) => Boolean(baris.sesi?.giliran_saya)],
  ["buka", "Sedang berjalan", (baris) => terbuka(baris.sesi)],
  ["belum", "Belum selesai", (baris) => macet(baris) !== null],
];

/** The list, and the panel of the kelompok in the address. */
export function LayarKelompok({ rute }) {
  const { unit, thblrek } = useKonteks();
  const { data, galat, memuat, segarkan } = useAmbil(`unit/${unit.unitup}/${thblrek}/kelompok`, { jeda: rute.kode ? 4000 : 3000 });
  useSiaran(data, lainMenunggu(useKonteks()).length);
  const baris = data?.baris ?? [];
  const terpilih = rute.kode ? baris.find(({ hari_baca }) => hari_baca === rute.kode) : null;
  return html`<div class=${rute.kode ? "dua-kolom" : "satu-kolom"}>
    <section class="kolom-daftar" aria-labelledby="judul-kelompok">
      <${KepalaLayar} id="judul-kelompok" judul="Kelompok hari baca" />
      <${Galat} galat=${galat} ulangi=${segarkan} judul=${data ? "Daftar belum dapat diperbarui" : undefined} />
      ${data?.galat_acmt && html`<${Pesan} nada="awas" judul="ACMT tidak menjawab"><p>${data.galat_acmt}</p><//>`}
      ${memuat && html`<${Rangka} baris=${8} apa="Memuat kelompok" />`}
      ${data && html`<${Daftar} data=${data} pilihan=${rute.kode} segarkan=${segarkan} />`}
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

/** The gates of other months and units that wait for this person. */
function lainMenunggu({ saya, unit, thblrek }) {
  return saya.menunggu.filter((satu) => satu.unitup !== unit.unitup || satu.thblrek !== thblrek);
}

/** Tell those who listen when it becomes their turn, or a session ends; not every figure that moves. `lain`: gates elsewhere. */
function useSiaran(data, lain) {
  const lama = useRef(null);
  useEffect(() => {
    if (!data) return;
    const kini = Object.fromEntries(data.baris.map(({ hari_baca, sesi }) => [hari_baca, sesi ? `${sesi.nomor}:${sesi.status}:${sesi.giliran_saya}` : ""]));
    if (lama.current) {
      const kabar = data.baris.filter(({ hari_baca, sesi }) => sesi && kini[hari_baca] !== lama.current[hari_baca]).map(kabarSesi).filter(Boolean);
      if (kabar.length) umumkan(kabar.join(" "));
    }
    lama.current = kini;
    judulTab({ menunggu: data.baris.filter(({ sesi }) => sesi?.giliran_saya).length + lain });
  }, [data, lain]);
  useEffect(() => () => judulTab({ menunggu: 0 }), []); // nobody looks any more
}

function kabarSesi({ hari_baca, sesi }) {
  if (sesi.giliran_saya) return `Kelompok ${hari_baca} menunggu jawaban Anda.`;
  if (!terbuka(sesi)) return `Kelompok ${hari_baca}: ${sebut("status_sesi", sesi.status).kata}.`;
  return sesi.status === "TERHENTI" ? `Kelompok ${hari_baca} terhenti.` : "";
}

function Daftar({ data, pilihan, segarkan }) {
  const { saya, unit, thblrek, bertindak } = useKonteks();
  const [saring, setSaring] = useState("semua");
  const { baris, jumlah } = data;
  if (!baris.length) {
    return html`<${Kosong} judul=${`Belum ada kelompok untuk ${bulan(thblrek)}`} ikon="jam">
      Kalender baca ACMT belum memuat bulan ini. Pilih bulan lain di atas, atau hubungi pengelola ACMT.
    <//>`;
  }
  const cocok = Object.fromEntries(SARING.map(([kunci, , uji]) => [kunci, baris.filter(uji)]));
  const giliran = cocok.saya;
  const lain = lainMenunggu({ saya, unit, thblrek });
  const siap = baris.filter((satu) => satu.dag_id && !terbuka(satu.sesi) && ["sah", "belum"].includes(macet(satu)?.kunci));
  return html`
    ${!pilihan && html`<${Jumlah} jumlah=${jumlah} giliran=${giliran.length} />`}
    ${bertindak && giliran.length > 0 && html`<${Giliran} baris=${giliran} pilihan=${pilihan} />`}
    ${lain.length > 0 && html`<${GiliranLain} semua=${lain} />`}
    <div class="alat">
      <div class="pilihan" role="group" aria-label="Saring kelompok">
        ${SARING.filter(([kunci]) => kunci !== "saya" || bertindak).map(
          ([kunci, nama]) => html`<button type="button" aria-pressed=${saring === kunci} onClick=${() => setSaring(kunci)}>${nama} <span class="hitung">${cocok[kunci].length}</span></button>`,
        )}
      </div>
      ${!pilihan && bertindak && html`<${MulaiBanyak} bisa=${siap} segarkan=${segarkan} />`}
      ${!pilihan && html`<${Keterangan} />`}
    </div>
    ${cocok[saring].length
      ? html`<${TabelKelompok} baris=${cocok[saring]} pilihan=${pilihan} />`
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
        ({ hari_baca, sesi, belum_disahkan }) => html`<li><a class="giliran-satu" href=${tautan(unit.unitup, thblrek, hari_baca)} aria-current=${hari_baca === pilihan ? "page" : undefined}>
          <${Suara}>Kelompok <//><b>${hari_baca}</b><${Suara}>, ${sesi.jenis === "PEMBATALAN" ? "" : "pengesahan, "}<//><span>${sesi.jenis === "PEMBATALAN" ? "pembatalan" : `${angka(belum_disahkan)} belum`}</span>
        </a></li>`,
      )}
    </ul>
  </nav>`;
}

/** What waits for this person in other months and units, each one click away. */
function GiliranLain({ semua }) {
  const { saya, unit } = useKonteks();
  const nama = (unitup) => saya.unit.find((satu) => satu.unitup === unitup)?.nama ?? unitup;
  return html`<nav class="giliran" aria-label="Menunggu Anda di bulan atau unit lain">
    <span class="giliran-kata"><${Ikon} nama="jam" />Di bulan atau unit lain</span>
    <ul>${semua.map(({ unitup, thblrek, hari_baca, jenis }) => html`<li><a class="giliran-satu" href=${tautan(unitup, thblrek, hari_baca)}><b>${hari_baca}</b><span>${[unitup !== unit.unitup && nama(unitup), bulan(thblrek), jenis === "PEMBATALAN" && "pembatalan"].filter(Boolean).join(", ")}</span></a></li>`)}</ul>
  </nav>`;
}

const KOLOM = [["Kelompok"], ["Kemajuan"], ["> 2000 jam", "kanan"], ["Belum disahkan", "kanan"], ["Sudah disahkan", "kanan"], ["Keadaan"]];

function TabelKelompok({ baris, pilihan }) {
  const { unit, thblrek } = useKonteks();
  useDetak(30_000);
  return html`<${Tabel} nama="Kelompok hari baca" kelas="tabel-kelompok" kolom=${KOLOM}>
    ${baris.map((satu) => html`<${BarisKelompok} key=${satu.hari_baca} baris=${satu} terpilih=${satu.hari_baca === pilihan} tujuan=${tautan(unit.unitup, thblrek, satu.hari_baca)} />`)}
  <//>`;
}

function BarisKelompok({ baris, terpilih, tujuan }) {
  const { unit } = useKonteks();
  const kini = hariIni(baris.tgl_mulai, unit.zona_waktu);
  return html`<tr role="row" class=${`baris-kelompok${terpilih ? " terpilih" : ""}${baris.sesi?.giliran_saya ? " giliran-saya" : ""}`}>
    <th role="rowheader" scope="row" class="sel-kelompok">
      <a class="kelompok-tautan" href=${tujuan} aria-current=${terpilih ? "page" : undefined}>
        <span class="ubin" aria-hidden="true">${baris.hari_baca}</span>
        <span><${Suara}>Kelompok ${baris.hari_baca}, <//><span class="kelompok-hari">${hari(baris.tgl_mulai)}</span>${kini && html`<span class="hari-ini">hari ini</span>`}${baris.putaran > 1 && html`<span class="redup kecil">putaran ${baris.putaran}</span>`}</span>
      </a>
    </th>
    <td role="cell" class="sel-tahap"><${Tahap} baris=${baris} />${baris.kalender_beda && html`<div class="kecil teks-awas">${baris.kalender_beda}</div>`}</td>
    <td role="cell" class="kanan sel-2000" data-nama="> 2000 jam">${baris.jam_nyala_2000 === null ? "–" : baris.jam_nyala_2000 ? html`<span class="teks-awas tebal">${angka(baris.jam_nyala_2000)}</span>` : html`<span class="redup">0</span>`}</td>
    <td role="cell" class="kanan angka-besar sel-belum" data-nama="Belum disahkan" data-singkat="Belum">${angka(baris.belum_disahkan)}${baris.dibatalkan > 0 && html`<small>${angka(baris.dibatalkan)} dibatalkan</small>`}</td>
    <td role="cell" class=${`kanan angka-besar sel-sudah${sudah(baris) ? "" : " sel-nol"}`} data-nama="Sudah disahkan" data-singkat="Sudah">${angka(sudah(baris))}${baris.suplai_stan > 0 && html`<small>${angka(baris.suplai_stan)} suplai stan</small>`}</td>
    <td role="cell" class="sel-keadaan"><${Keadaan} baris=${baris} /></td>
  </tr>`;
}

/** Due, and nothing has begun: the schedule waits for what is missing. */
function JatuhTempo({ baris, kurang }) {
  return html`<${Cap} nada=${baris.terlambat ? "buruk" : "awas"} ikon="jam">${baris.pelanggan ? "Jatuh tempo, belum lengkap" : "Jatuh tempo, belum ada bacaan"}<//>
    <div class="redup kecil">${kurang}<br />sejak ${hari(baris.jatuh_tempo)}${baris.terlambat && html`, <span class="teks-awas tebal">lewat tenggat</span>`}</div>`;
}

/** The session of a kelompok in a chip and a line. */
function Keadaan({ baris }) {
  const { zona } = useKonteks();
  const { sesi } = baris;
  if (!terbuka(sesi)) {
    const henti = macet(baris);
    if (henti === null) return html`<${Cap} nada="baik" ikon="setuju">Selesai<//>`;
    if (baris.terlambat !== null && henti.kunci !== "sah" && henti.kunci !== "belum") return html`<${JatuhTempo} baris=${baris} kurang=${henti.kalimat} />`;
    if (henti.kunci === "belum") return html`<${Cap}>Belum diketahui<//>`;
    if (henti.kunci === "kosong") return html`<${Cap}>Belum ada bacaan<//>`;
    if (sesi?.status === "DITOLAK") return html`<${Cap} nada="awas">Ditolak<//><div class="redup kecil">${baris.hari_baca} dapat dimulai lagi</div>`;
    if (sudah(baris) > 0) return html`<${Cap} nada="netral">Sebagian disahkan<//>`;
    if (henti.kunci === "sah") return html`<${Cap} nada="jalan">Siap dimulai<//>`;
    return html`<${Cap} nada="netral">Belum siap<//>`;
  }
  const apa = sesi.jenis === "PEMBATALAN" ? "Pembatalan" : null;
  if (sesi.status === "TERHENTI") return html`<${Cap} nada="buruk" ikon="awas">${apa ? "Pembatalan terhenti" : "Terhenti"}<//><div class="redup kecil">${sesi.langkah}</div>`;
  if (sesi.ditanya?.length) {
    return html`<${Cap} nada="tunggu" ikon="orang">${sesi.giliran_saya ? "Menunggu Anda" : apa ? "Pembatalan ditanyakan" : "Menunggu jawaban"}<//>
      <div class="redup kecil">${sesi.ditanya.join(", ")}<br />sejak ${jam(sesi.ditanya_sejak, zona)} (${sejak(sesi.ditanya_sejak)})${sesi.tenggat && html`<br />tenggat ${jam(sesi.tenggat, zona)}`}</div>`;
  }
  return html`<${Cap} nada="jalan">${apa ?? "Berjalan"}<//><div class="redup kecil">${sesi.langkah}</div>`;
}
