// Customers of a unit and month: search, filter, sort, look at one, take a file along, choose some to cancel.

import { html, useEffect, useRef, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { unduh } from "../api.js";
import { useDraf } from "../draf.js";
import { useAmbil, useKerja, useTenang } from "../jajak.js";
import { kata, sebut, semuaKata } from "../kata.js";
import { Cap, DeretKode, Galat, Halaman, Ikon, IsianCari, KepalaLayar, Kosong, PilihanKelompok, Rangka, Suara, Tabel, balik } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { tautan } from "../rute.js";
import { jam, lengkap } from "../waktu.js";
import { SatuPelanggan } from "./pelanggan_satu.js";
import { siapkanPembatalan } from "./pembatalan.js";
import { LayarPengembalian } from "./pengembalian.js";

const UKURAN = 50;
const AWAL = { cari: "", hari_baca: "", status: [], dlpd: [], jam_min: "", jam_maks: "", kolom: "idpel", arah: "naik", halaman: 1 };
const BISA_DIBATALKAN = "SUDAH_DISAHKAN";

export function LayarPelanggan({ rute }) {
  const { unit, thblrek } = useKonteks();
  if (rute.idpel === "dikembalikan") return html`<${LayarPengembalian} key=${`${unit.unitup}/${thblrek}`} />`;
  if (rute.idpel) return html`<${SatuPelanggan} key=${rute.idpel} idpel=${rute.idpel} />`;
  return html`<${Daftar} key=${`${unit.unitup}/${thblrek}`} />`;
}

function Daftar() {
  const konteks = useKonteks();
  const { saya, unit, thblrek, bertindak } = konteks;
  const [saring, setSaring] = useDraf(saya.username, `saring:${unit.unitup}/${thblrek}`, AWAL);
  const [terpilih, setTerpilih] = useState(new Map());
  const tenang = useTenang(JSON.stringify([saring.cari, saring.jam_min, saring.jam_maks]));
  const [cari, jamMin, jamMaks] = JSON.parse(tenang).map((teks) => teks.trim());
  const jalan = `unit/${unit.unitup}/${thblrek}/pelanggan`;
  const tapis = { hari_baca: saring.hari_baca, status: saring.status, dlpd: saring.dlpd, jam_min: angkaKetikan(jamMin), jam_maks: angkaKetikan(jamMaks), urut: saring.kolom, arah: saring.arah };
  const kueri = { ...tapis, halaman: saring.halaman, ukuran: UKURAN };
  const [menyiapkan, setMenyiapkan] = useState(false);
  const { data, galat, memuat, segarkan } = useAmbil(jalan, { kueri, cari, jeda: menyiapkan ? 1000 : 0 });
  const belum = Boolean(data?.menyiapkan) || data?.menyusul.length > 0;
  useEffect(() => setMenyiapkan(belum), [belum]);
  const akhir = useRef(null);
  if (data) akhir.current = data;
  const tampil = data ?? (galat ? null : akhir.current); // the list before stays while the next is on its way
  useEffect(() => {
    if (data) umumkan(`${sekian(data.jumlah)} ditemukan.`);
  }, [data?.jumlah]);
  const ubah = (sebagian) => setSaring({ halaman: 1, ...sebagian });
  const kelompokPilihan = [...terpilih.values()][0]?.hari_baca;

  return html`<section aria-labelledby="judul-pelanggan">
    <${KepalaLayar} id="judul-pelanggan" judul="Pelanggan">
      <a class="tombol" href=${tautan(unit.unitup, thblrek, "pelanggan", "dikembalikan")}><${Ikon} nama="ulang" />Dikembalikan</a>
      <${Berkas} jalan=${jalan} kueri=${tapis} cari=${cari} jumlah=${tampil?.jumlah} nama=${`pelanggan-${unit.unitup}-${thblrek}`} />
    <//>
    <${Saringan} saring=${saring} ubah=${ubah} perStatus=${tampil?.per_status} />
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${memuat && !tampil && html`<${Rangka} baris=${8} apa="Memuat pelanggan" />`}
    ${tampil?.menyiapkan && html`<p class="bergerak redup" role="status">Menyiapkan daftar: ${angka(tampil.menyiapkan.selesai)} dari ${angka(tampil.menyiapkan.dari)} kelompok.</p>`}
    ${tampil &&
    html`<div class=${memuat ? "memperbarui" : ""} aria-busy=${memuat}>
      ${tampil.baris.length
        ? html`<${TabelPelanggan} baris=${tampil.baris} urut=${{ kolom: saring.kolom, arah: saring.arah }} ubah=${ubah} terpilih=${terpilih} setTerpilih=${bertindak ? setTerpilih : null} />`
        : html`<${Kosong} judul="Tidak ada pelanggan yang cocok" ikon="cari"><button type="button" class="tombol" onClick=${() => setSaring(AWAL)}>Kosongkan saringan</button><//>`}
      <${Halaman} jumlah=${tampil.jumlah} halaman=${saring.halaman} ukuran=${UKURAN} ke=${(halaman) => setSaring({ halaman })} />
      ${tampil.menyusul.length > 0 && html`<p class="bergerak redup kecil" role="status">Ada yang berubah sejak daftar ini disusun; sedang disusun lagi …</p>`}
      ${tampil.acmt_pada && html`<p class="redup kecil">Tahap baca, verifikasi, dan kirim menurut ACMT pukul ${jam(tampil.acmt_pada, unit.zona_waktu)}.</p>`}
    </div>`}
    ${terpilih.size > 0 &&
    html`<div class="aksi-lekat aksi-pilih" role="region" aria-label="Pelanggan terpilih">
      <p><b>${angka(terpilih.size)}</b> dipilih dari kelompok ${kelompokPilihan}</p>
      <div class="aksi-tombol"><button type="button" class="tombol" onClick=${() => setTerpilih(new Map())}>Batal pilih</button>
      <button type="button" class="tombol tombol-utama" onClick=${() => siapkanPembatalan(konteks, kelompokPilihan, [...terpilih.keys()])}><${Ikon} nama="batal" />Batalkan pengesahannya …</button></div>
    </div>`}
  </section>`;
}

/** A number as people type it here: a decimal comma. */
function angkaKetikan(teks) {
  const angka = teks.replace(",", ".");
  return /^\d+(\.\d+)?$/.test(angka) ? angka : "";
}

function Berkas({ jalan, kueri, cari, jumlah, nama }) {
  const { sibuk, galat, kerjakan } = useKerja();
  const [kabar, setKabar] = useState(null); // why it is not there yet
  const pembatal = useRef(null);
  useEffect(() => () => pembatal.current?.abort(), []);
  async function ambilBerkas(jenis) {
    pembatal.current = new AbortController();
    try {
      await unduh(`${jalan}.${jenis}`, { kueri, cari }, `${nama}.${jenis}`, { kabar: setKabar, sinyal: pembatal.current.signal });
    } finally {
      setKabar(null);
    }
    umumkan(`Berkas ${jenis.toUpperCase()} siap.`);
  }
  return html`<div class="berkas">
    ${["csv", "xlsx"].map((jenis) => html`<button type="button" class="tombol" disabled=${Boolean(sibuk) || !jumlah} onClick=${() => kerjakan(() => ambilBerkas(jenis), jenis)}><${Ikon} nama="unduh" />${sibuk === jenis ? "Menyiapkan …" : jenis.toUpperCase()}<${Suara}>, ${sekian(jumlah ?? 0)} yang tersaring<//></button>`)}
    ${kabar && html`<p class="bergerak redup" role="status">${kabar} <button type="button" class="tombol tombol-kecil" onClick=${() => pembatal.current.abort()}>Tidak jadi</button></p>`}
    <${Galat} galat=${galat} judul="Berkas tidak dapat diambil" />
  </div>`;
}

function Saringan({ saring, ubah, perStatus }) {
  const ada = semuaKata("status").filter(([kode]) => perStatus?.[kode] || saring.status.includes(kode));
  const lain = [saring.dlpd.length, saring.jam_min !== "", saring.jam_maks !== ""].filter(Boolean).length;
  return html`<div class="kartu saringan" role="search" aria-label="Cari dan saring pelanggan">
    <div class="saringan-atas">
      <${IsianCari} cari=${saring.cari} ubah=${(cari) => ubah({ cari })} />
      <label class="isian"><span>Kelompok</span><${PilihanKelompok} kosong="Semua" value=${saring.hari_baca} onChange=${({ currentTarget }) => ubah({ hari_baca: currentTarget.value })} /></label>
      <details class="saringan-lain" open=${lain > 0}>
        <summary class="tombol">DLPD, jam nyala${lain > 0 && html`<span class="hitung">${lain}</span>`}</summary>
        <div class="saringan-isi">
          <fieldset class="kotak-deret"><legend>Perlu diperhatikan (DLPD)</legend>
            ${semuaKata("dlpd").map(([kode, nama]) => html`<label class="centang"><input type="checkbox" checked=${saring.dlpd.includes(kode)} onChange=${() => ubah({ dlpd: balik(saring.dlpd, kode) })} /><span>${nama}</span></label>`)}
          </fieldset>
          <fieldset class="deret"><legend>Jam nyala</legend>
            <label class="isian isian-pendek"><span>dari</span><input type="text" inputmode="decimal" value=${saring.jam_min} onInput=${({ currentTarget }) => ubah({ jam_min: currentTarget.value })} /></label>
            <label class="isian isian-pendek"><span>sampai</span><input type="text" inputmode="decimal" value=${saring.jam_maks} onInput=${({ currentTarget }) => ubah({ jam_maks: currentTarget.value })} /></label>
          </fieldset>
        </div>
      </details>
    </div>
    <${DeretKode} nama="Menurut status" isi=${ada.map(([kode, nama]) => [kode, nama, perStatus?.[kode], sebut("status", kode).nada])} dipilih=${saring.status} ubah=${(status) => ubah({ status })} />
  </div>`;
}

/** A column's head that sorts. `urut`: {kolom, arah}. */
function KepalaUrut({ kolom, urut, ubah, nama, kelas }) {
  const aktif = urut.kolom === kolom;
  const arah = aktif ? (urut.arah === "naik" ? "ascending" : "descending") : "none";
  return html`<th role="columnheader" scope="col" class=${kelas} aria-sort=${arah}>
    <button type="button" class="urut" onClick=${() => ubah({ kolom, arah: aktif && urut.arah === "naik" ? "turun" : "naik" })}>
      ${nama}<span class="urut-tanda" aria-hidden="true">${aktif ? (urut.arah === "naik" ? "▲" : "▼") : "↕"}</span>
    </button>
  </th>`;
}

const KOLOM = [["idpel", "Pelanggan"], ["hari_baca", "Kelompok"], ["status", "Status"], ["kwh", "kWh", "kanan"], ["jam_nyala", "Jam nyala", "kanan"], ["sejak", "Sejak"]];

function TabelPelanggan({ baris, urut, ubah, terpilih, setTerpilih }) {
  const { unit, thblrek } = useKonteks();
  const kelompokPilihan = [...terpilih.values()][0]?.hari_baca;
  function pilih(satu) {
    const baru = new Map(terpilih);
    if (!baru.delete(satu.idpel)) baru.set(satu.idpel, satu);
    setTerpilih(baru);
  }
  const kepala = html`${setTerpilih && html`<th role="columnheader" scope="col"><${Suara}>Pilih untuk dibatalkan<//></th>`}
    ${KOLOM.map(([kolom, nama, kelas]) => html`<${KepalaUrut} kolom=${kolom} nama=${nama} kelas=${kelas} urut=${urut} ubah=${ubah} />`)}`;
  return html`<${Tabel} nama="Pelanggan" kelas="tabel-pelanggan" kepala=${kepala}>
    ${baris.map(
      (satu) => html`<tr role="row" key=${satu.idpel} class=${terpilih.has(satu.idpel) ? "terpilih" : ""}>
        ${setTerpilih &&
        html`<td role="cell" class="sel-pilih">${satu.status === BISA_DIBATALKAN && html`<label class="centang-saja"><input type="checkbox" checked=${terpilih.has(satu.idpel)} disabled=${kelompokPilihan !== undefined && kelompokPilihan !== satu.hari_baca} onChange=${() => pilih(satu)} /><${Suara}>Pilih ${satu.idpel} untuk dibatalkan<//></label>`}</td>`}
        <th role="rowheader" scope="row"><a class="idpel" href=${tautan(unit.unitup, thblrek, "pelanggan", satu.idpel)}>${satu.idpel}</a><div class="nama">${satu.nama ?? "tanpa nama"}</div><div class="redup kecil">${[satu.kddk, satu.tarif, satu.daya && `${angka(satu.daya, 0)} VA`].filter(Boolean).join(" · ")}</div></th>
        <td role="cell" data-nama="Kelompok"><span class="ubin ubin-kecil">${satu.hari_baca}</span></td>
        <td role="cell" data-nama="Status"><div class="tanda-deret"><${Cap} nada=${sebut("status", satu.status).nada}>${satu.label}<//>${satu.sebab.map((kode) => html`<span class="kecil teks-awas">${kata(kode)}</span>`)}${satu.dlpd.map((kode) => html`<span class="kecil redup">${kata(kode)}</span>`)}</div></td>
        <td role="cell" class="kanan" data-nama="kWh">${angka(satu.kwh)}</td>
        <td role="cell" class="kanan" data-nama="Jam nyala">${angka(satu.jam_nyala, 1)}</td>
        <td role="cell" class="kecil redup" data-nama="Sejak">${satu.sejak ? lengkap(satu.sejak, unit.zona_waktu) : "kini, menurut ACMT"}</td>
      </tr>`,
    )}
  <//>`;
}
