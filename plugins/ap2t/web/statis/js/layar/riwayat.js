// Every session of a unit and month, newest first; and whether the trail still stands, at a click.

import { html, useRef, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { halamanAirflow, kirim } from "../api.js";
import { useAmbil, useKerja } from "../jajak.js";
import { sebut, semuaKata } from "../kata.js";
import { CapSebut, Galat, Halaman, Ikon, Judul, KepalaLayar, Kosong, Pesan, PilihanKelompok, Rangka, Tabel, TautanLuar } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { tautan } from "../rute.js";
import { bulan, lengkap } from "../waktu.js";
import { PanelSesi } from "./sesi.js";

const AWAL = { hari_baca: "", jenis: "", status: "", halaman: 1 };

export function LayarRiwayat() {
  const { unit, thblrek } = useKonteks();
  const [saring, setSaring] = useState(AWAL);
  const { data, galat, memuat, segarkan } = useAmbil(`unit/${unit.unitup}/${thblrek}/sesi`, { kueri: saring, jeda: 10_000 });
  const ubah = (nama) => ({ currentTarget }) => setSaring({ ...saring, halaman: 1, [nama]: currentTarget.value });
  return html`<section aria-labelledby="judul-riwayat">
    <${KepalaLayar} id="judul-riwayat" judul="Riwayat" />
    <${Keutuhan} />
    <div class="kartu saringan"><div class="saringan-atas">
      <label class="isian"><span>Kelompok</span><${PilihanKelompok} kosong="Semua" value=${saring.hari_baca} onChange=${ubah("hari_baca")} /></label>
      <label class="isian"><span>Jenis</span><select value=${saring.jenis} onChange=${ubah("jenis")}><option value="">Semua</option>${semuaKata("jenis_sesi").map(([kode, nama]) => html`<option value=${kode}>${nama}</option>`)}</select></label>
      <label class="isian"><span>Status</span><select value=${saring.status} onChange=${ubah("status")}><option value="">Semua</option>${semuaKata("status_sesi").map(([kode, nama]) => html`<option value=${kode}>${nama}</option>`)}</select></label>
    </div></div>
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${memuat && html`<${Rangka} baris=${6} apa="Memuat riwayat" />`}
    ${data &&
    (data.baris.length
      ? html`<${BarisSesiRiwayat} baris=${data.baris} /><${Halaman} jumlah=${data.jumlah} halaman=${saring.halaman} ukuran=${data.ukuran} ke=${(halaman) => setSaring({ ...saring, halaman })} apa="sesi" />`
      : html`<${Kosong} judul="Tidak ada sesi" ikon="jam">${saring.hari_baca || saring.jenis || saring.status ? html`<button type="button" class="tombol" onClick=${() => setSaring(AWAL)}>Kosongkan saringan</button>` : "Sesi muncul di sini begitu pengesahan pertama bulan ini dimulai."}<//>`)}
  </section>`;
}

/** Sessions as rows. */
export function BarisSesiRiwayat({ baris }) {
  const { unit, thblrek, zona } = useKonteks();
  return html`<${Tabel} nama="Sesi" kolom=${[["Sesi"], ["Status"], ["Dimulai"], ["Berakhir"], ["Keterangan"], ["Airflow"]]}>
    ${baris.map(
      (sesi) => html`<tr role="row" key=${sesi.nomor}>
        <th role="rowheader" scope="row"><a class="kelompok-tautan" href=${tautan(unit.unitup, thblrek, "sesi", sesi.nomor)}><span class="ubin" aria-hidden="true">${sesi.hari_baca}</span><span>${sebut("jenis_sesi", sesi.jenis).kata} ${sesi.hari_baca}${sesi.jenis === "PENGESAHAN" ? `, putaran ${sesi.putaran}` : ""}<span class="nomor kecil redup">${sesi.nomor}</span></span></a></th>
        <td role="cell" data-nama="Status"><${CapSebut} jenis="status_sesi" kode=${sesi.status} /></td>
        <td role="cell" class="kecil" data-nama="Dimulai">${lengkap(sesi.dibuka_pada, zona)}<div class="redup">${sesi.pemicu ?? ""}</div></td>
        <td role="cell" class="kecil" data-nama="Berakhir">${sesi.diakhiri_pada ? lengkap(sesi.diakhiri_pada, zona) : "–"}</td>
        <td role="cell" class="kecil sel-keterangan" data-nama="Keterangan">${sesi.keterangan ?? sesi.langkah ?? "–"}</td>
        <td role="cell" class="kecil" data-nama="Airflow"><${TautanLuar} href=${halamanAirflow(sesi.dag_id, sesi.run_id)}>Run dan log<//></td>
      </tr>`,
    )}
  <//>`;
}

/** One session, from the list or from a link. */
export function LayarSesi({ rute }) {
  const { unit, thblrek } = useKonteks();
  const [jenis, , , kode, putaran] = rute.nomor.split("-"); // PS-54110-202606-A-01-…
  return html`<section class="layar-sesi" aria-label=${`Sesi ${rute.nomor}`}>
    <a class="tombol tombol-halus" href=${tautan(unit.unitup, thblrek, "riwayat")}><${Ikon} nama="kembali" />Riwayat</a>
    <${Judul} fokus=${rute.nomor}>${jenis === "PB" ? "Pembatalan" : "Pengesahan"} ${kode ?? ""}<span class="judul-kecil">${unit.nama ?? unit.unitup} · ${bulan(thblrek)}${jenis === "PS" && putaran ? ` · putaran ${Number(putaran)}` : ""}</span><//>
    <${PanelSesi} key=${rute.nomor} nomor=${rute.nomor} jejakTerbuka />
  </section>`;
}

/** Read a stream of JSON lines; call `baris` for each. */
async function bacaBaris(jawaban, baris) {
  const pembaca = jawaban.body.pipeThrough(new TextDecoderStream()).getReader();
  let sisa = "";
  for (;;) {
    const { value, done } = await pembaca.read();
    sisa += value ?? "";
    const utuh = sisa.split("\n");
    sisa = done ? "" : utuh.pop();
    utuh.filter((teks) => teks.trim()).forEach((teks) => baris(JSON.parse(teks)));
    if (done) return;
  }
}

/** Check all that this unit left: its entries' hashes against the seals, and every rule over again. */
function Keutuhan() {
  const { unit } = useKonteks();
  const [kemajuan, setKemajuan] = useState(null); // the last sentence of it
  const [hasil, setHasil] = useState(null);
  const { sibuk, galat, kerjakan } = useKerja();
  const pembatal = useRef(null);
  async function periksa() {
    pembatal.current = new AbortController();
    setKemajuan(null);
    setHasil(null);
    let akhir = null;
    await bacaBaris(await kirim("verifikasi", { unitup: unit.unitup }, pembatal.current.signal), (baris) => {
      if (baris.kemajuan !== undefined) setKemajuan(baris.kemajuan);
      else akhir = baris;
    });
    if (akhir?.galat) throw new Error(akhir.galat);
    if (akhir === null) throw new Error("Pemeriksaan terputus sebelum selesai. Ulangi.");
    setHasil(akhir);
    umumkan(akhir.utuh ? "Jejak utuh." : `${akhir.temuan.length} temuan.`);
  }
  return html`<div class="kartu keutuhan">
    <div><h3>Keutuhan jejak</h3><p class="redup">Menghitung lagi setiap sidik, segel harian, dan aturan dari isi buku pengesahan.</p></div>
    ${sibuk
      ? html`<button type="button" class="tombol" onClick=${() => pembatal.current.abort()}>Hentikan</button>`
      : html`<button type="button" class="tombol" onClick=${() => kerjakan(periksa)}><${Ikon} nama="kunci" />Periksa keutuhan</button>`}
    ${sibuk && html`<div class="keutuhan-isi" role="status"><progress class="batang" aria-label="Pemeriksaan berjalan" /><p class="bergerak">${kemajuan ?? "Memulai …"}</p></div>`}
    <${Galat} galat=${galat} judul="Pemeriksaan tidak selesai" ulangi=${() => kerjakan(periksa)} sendiri=${false} />
    ${hasil && html`<div class="keutuhan-isi"><${HasilKeutuhan} hasil=${hasil} /></div>`}
  </div>`;
}

function HasilKeutuhan({ hasil }) {
  const { unit, thblrek } = useKonteks();
  const dicakup = `${sekian(hasil.jejak, "entri jejak")}, ${sekian(hasil.sesi, "sesi")}, ${angka(hasil.detik.toFixed(1))} detik`;
  const peringatan = hasil.peringatan.map((kalimat) => html`<p>${kalimat}</p>`);
  if (hasil.utuh && hasil.sesi === 0) return html`<${Pesan} nada="awas" judul="Belum ada sesi"><p>${hasil.putusan}</p>${peringatan}<//>`;
  if (hasil.utuh)
    return html`<${Pesan} nada="baik" ikon="setuju" judul="Utuh"><p>Semua cocok: ${dicakup}.</p><p class="redup kecil">Dasarnya: ${hasil.jangkar}.</p>${peringatan}<//>`;
  return html`<${Pesan} nada="buruk" judul=${sekian(hasil.temuan_jumlah, "temuan")} peran="alert"><p>${dicakup}. Laporkan kepada auditor beserta nomor sesinya; jangan memperbaiki sendiri.</p>
    <ul class="temuan">${hasil.temuan.slice(0, 50).map(({ aturan, sesi, apa }) => html`<li><b>${aturan}</b> ${sesi && html`<a class="tautan" href=${tautan(unit.unitup, thblrek, "sesi", sesi)}>${sesi}</a>`} ${apa}</li>`)}</ul><//>`;
}
